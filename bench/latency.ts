/**
 * From an accepted event to people: at ten times the sector's mean load a compromised host is told now and then, each
 * time of another organisation, whose person has the first page open and whose mail goes to a real SMTP server.
 */
import { fullDay, prepareSectorDay, send, until } from './load.ts'
import { hostOf, openPlanter } from './plant.ts'
import { type Mail, openPostOffice, type PostOffice } from './post-office.ts'
import { addressOnDuty, openReader, personOnDuty, type Reader, spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'
import { rounded } from './statistics.ts'
import { type Watcher, watch } from './watcher.ts'

interface Planted {
  slug: string
  host: string
  accepted: number
  heard: number[]
  screen: number
}

interface Told {
  /** Milliseconds from the acceptance. */
  news: number
  mail: number
}

const load = (fullDay / 86_400) * 10
const everyMs = 3_000
const patienceMs = 60_000
/** A sensor that sends what it has a few times a second makes small batches. */
const batchOf = 25

export async function measureLatency(options: Options, say: (line: string) => void): Promise<Figure[]> {
  say(`filling ${options.keys.toLocaleString('en')} keys`)
  const stage = await openStage({ keys: options.keys })
  const office = await openPostOffice()
  try {
    const server = await startServer(stage, {
      HSOC_SMTP_URL: office.url,
      HSOC_MAIL_FROM: 'hsoc@bench.example',
    })
    try {
      const planted = await runLoad(stage, server, options, say)
      const told = await toldOf(stage, office, planted)
      return figuresOf(planted, told, options)
    } finally {
      await server.stop()
    }
  } finally {
    await office.close()
    await stage.close()
  }
}

/** Sends the load and, beside it, the planted events; answers when both are through. */
async function runLoad(
  stage: Stage,
  server: Server,
  options: Options,
  say: (line: string) => void,
): Promise<Planted[]> {
  const seconds = (options.plants * everyMs) / 1000 + 15
  // All of its messages are told as of now, so the load lies in this hour as a real one would.
  const prepared = await prepareSectorDay(stage, options, 1, Math.ceil(load * seconds), batchOf)
  const slugs = stage.organisations.map((o) => o.slug)
  const readers: Reader[] = []
  const watchers: Watcher[] = []
  for (const slug of slugs) {
    const reader = await openReader(stage, server, await personOnDuty(stage, slug))
    readers.push(reader)
    watchers.push(await watch(reader, watchers.length < options.open))
  }
  say(
    `${Math.round(load)} events/s for ${seconds} s, ${slugs.length} open streams, ${options.open} of them with a page that asks at all news`,
  )
  const sending = send(stage, server, prepared, options, { perSecond: load })
  try {
    // Both are waited for, so that a failure of one leaves nothing of the other behind.
    const [planting, sent] = await Promise.allSettled([
      plantAll(stage, server, watchers, options.plants),
      sending,
    ])
    if (planting.status === 'rejected') throw planting.reason
    if (sent.status === 'rejected') throw sent.reason
    const rate = (sent.value.accepted / (sent.value.toMs - sent.value.fromMs)) * 1000
    say(`load accepted at ${Math.round(rate)} events/s, ${sent.value.again} batches asked again`)
    return planting.value
  } finally {
    for (const watcher of watchers) watcher.stop()
    for (const reader of readers) reader.close()
  }
}

async function plantAll(
  stage: Stage,
  server: Server,
  watchers: Watcher[],
  plants: number,
): Promise<Planted[]> {
  const planter = openPlanter(stage, server)
  const planted: Planted[] = []
  try {
    await new Promise((done) => setTimeout(done, 10_000))
    for (let i = 0; i < plants; i++) {
      const next = performance.now() + everyMs
      const at = i % stage.organisations.length
      const slug = stage.organisations[at]?.slug ?? ''
      const host = hostOf(stage, slug, Math.floor(i / stage.organisations.length))
      const shown = (watchers[at] as Watcher).shows(host, patienceMs)
      const [accepted, seen] = await Promise.all([planter.plant(host, Date.now()), shown])
      planted.push({ slug, host, accepted, ...seen })
      // Not in step with the program's own rounds.
      await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now()) + ((i * 137) % 500)))
    }
    return planted
  } finally {
    planter.close()
  }
}

/** When news and mail of each planted host came; waits until all mails are there. A mail links to its warning. */
async function toldOf(stage: Stage, office: PostOffice, planted: Planted[]): Promise<Told[]> {
  const { rows } = await stage.owner.query<{ id: string; host: string; opened: number }>(
    `select w.id::text, k.text as host, extract(epoch from w.opened_at)::float8 * 1000 as opened
     from warnings w join source_keys k on k.id = w.key_id where w.rule = 'W1' and k.text = any ($1)`,
    [planted.map((one) => one.host)],
  )
  const warnings = new Map(rows.map((row) => [row.host, row]))
  let mails: Mail[] = []
  const mailOf = ({ slug, host }: Planted): Mail | undefined =>
    mails.find(
      (mail) =>
        mail.to === addressOnDuty(slug) && mail.text.includes(`/warnings/${warnings.get(host)?.id}\n`),
    )
  const allCame = async (): Promise<boolean> => {
    mails = await office.mails()
    return planted.every(mailOf)
  }
  await until(allCame, {
    withinMs: patienceMs,
    everyMs: 500,
    otherwise: () => `no mail about ${planted.filter((one) => !mailOf(one)).map((one) => one.host)}`,
  })
  return planted.map((one) => {
    const opened = (warnings.get(one.host)?.opened ?? 0) - performance.timeOrigin
    // A page that was being drawn when the warning came has it before its own news.
    const news = one.heard.find((at) => at >= opened) ?? one.screen
    return { news: news - one.accepted, mail: (mailOf(one) as Mail).at - one.accepted }
  })
}

function figuresOf(planted: Planted[], told: Told[], options: Options): Figure[] {
  const screen = spread(planted.map((one) => one.screen - one.accepted))
  const mail = spread(told.map((one) => one.mail))
  const news = spread(told.map((one) => one.news))
  const seconds = (ms: number): number => rounded(ms / 1000)
  return [
    {
      name: 'screen',
      what: "event accepted to warning on the screen of its hospital's person, p99",
      value: seconds(screen.p99),
      unit: 's',
      must: 2,
      aim: 0.5,
      smaller: true,
      detail: {
        screen_ms: screen,
        news_on_the_stream_ms: news,
        load_per_s: Math.round(load),
        plants: options.plants,
        open_pages: options.open,
      },
    },
    {
      name: 'mail',
      what: 'event accepted to mail accepted by SMTP (severity high), p99',
      value: seconds(mail.p99),
      unit: 's',
      must: 15,
      aim: 3,
      smaller: true,
      detail: { mail_ms: mail },
    },
  ]
}
