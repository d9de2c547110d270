/** What the pages take while the intake runs at full speed, against the same pages when nothing comes. */
import { prepareDay } from './intake.ts'
import { prepareSectorDay, send, summed, until } from './load.ts'
import { hostOf, openPlanter } from './plant.ts'
import { openReader, personOnDuty, type Reader, spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'
import { quantile, rounded } from './statistics.ts'

type Times = Record<string, number[]>

/** Rounds over all pages when idle; under load as many as the sending lasts. */
const rounds = 200
const leastUnderLoad = 20
/** A short look at each page, so that the reading is not itself the load. */
const restMs = 20
/** Twice a round of the intake: it has to last until each page was read often enough. */
const longer = 2

export async function measurePages(options: Options, say: (line: string) => void): Promise<Figure[]> {
  say(`filling ${options.keys.toLocaleString('en')} keys`)
  const stage = await openStage({ keys: options.keys })
  try {
    const server = await startServer(stage)
    try {
      const before = await prepareSectorDay(stage, options, 2)
      await send(stage, server, before, options)
      await summed(stage, before.events)
      before.forget()
      const slug = stage.organisations[0]?.slug ?? ''
      const reader = await openReader(stage, server, await personOnDuty(stage, slug))
      const paths = await pathsOf(stage, server, reader, slug, before.day)
      const prepared = await prepareDay(stage, options, 1, longer * options.events)
      await stage.owner.query('vacuum analyze')
      await read(reader, paths, (round) => round < 5)
      let sending = true
      const [sent, busy] = await Promise.all([
        send(stage, server, prepared, options).finally(() => (sending = false)),
        read(reader, paths, () => sending),
      ])
      // Idle afterwards: the pages then have the same events to count.
      await summed(stage, before.events + prepared.events)
      await stage.owner.query('vacuum analyze')
      const idle = await read(reader, paths, (round) => round < rounds)
      reader.close()
      const perSecond = (sent.accepted / (sent.toMs - sent.fromMs)) * 1000
      say(`intake at ${Math.round(perSecond)} events/s`)
      return [figureOf(idle, busy, perSecond)]
    } finally {
      await server.stop()
    }
  } finally {
    await stage.close()
  }
}

/** The pages of a day's work, among them a warning, which is made if there is none yet. */
async function pathsOf(
  stage: Stage,
  server: Server,
  reader: Reader,
  slug: string,
  day: string,
): Promise<Record<string, string>> {
  const planter = openPlanter(stage, server)
  await planter.plant(hostOf(stage, slug), Date.now())
  planter.close()
  let warning = ''
  await until(
    async () => {
      const { text } = await reader.get('/warnings')
      warning = /href="(\/warnings\/[^"?#]+)/.exec(text)?.[1] ?? ''
      return warning !== ''
    },
    { withinMs: 60_000, everyMs: 500, otherwise: () => 'no warning came up within a minute' },
  )
  return { home: '/', warnings: '/warnings', warning, day: `/days/${day}` }
}

async function read(
  reader: Reader,
  paths: Record<string, string>,
  goesOn: (round: number) => boolean,
): Promise<Times> {
  const times: Times = Object.fromEntries(Object.keys(paths).map((name) => [name, []]))
  for (let round = 0; goesOn(round); round++)
    for (const [name, path] of Object.entries(paths)) {
      times[name]?.push((await reader.get(path)).ms)
      await new Promise((done) => setTimeout(done, restMs))
    }
  return times
}

function figureOf(idle: Times, busy: Times, perSecond: number): Figure {
  const pages = Object.entries(busy).map(([name, times]) => {
    const still = idle[name] ?? []
    const ratio = rounded(quantile(times, 0.95) / quantile(still, 0.95))
    return { name, ratio, idle_ms: spread(still), busy_ms: spread(times) }
  })
  const fewest = Math.min(...pages.map((page) => page.busy_ms.n))
  if (fewest < leastUnderLoad)
    throw new Error(`only ${fewest} readings of each page while the intake ran: give it more with --events`)
  return {
    name: 'pages',
    what: 'p95 of a page while the intake runs at full speed, against its p95 when idle; the worst page',
    value: Math.max(...pages.map((page) => page.ratio)),
    unit: '×',
    must: 3,
    aim: 1.5,
    smaller: true,
    detail: { intake_events_per_s: rounded(perSecond), pages },
  }
}
