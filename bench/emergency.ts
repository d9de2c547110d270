/**
 * An emergency to many members with three contacts each by mail and push, from the release to the last message that was taken, beside
 * the same messages handed over by bare libraries: mails by a pool of connections, push messages by as many at once.
 */
import { createTransport } from 'nodemailer'
import webPush from 'web-push'
import { addMembers, releaseCall, startNode } from './call-stage.ts'
import { type Mail, openPostOffice, type PostOffice } from './post-office.ts'
import { openPushOffice, type PushOffice } from './push-office.ts'
import type { Figure, Options } from './report.ts'
import { openStage } from './stage.ts'
import { rounded, since } from './statistics.ts'

const peopleEach = 3
/** As many connections as one node of ours has under way. */
const connections = 8
const longestMs = 600_000

export async function measureEmergency(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  const [office, push] = [await openPostOffice(), await openPushOffice()]
  const node = await startNode(stage, { smtp: office.url, push: push.origin })
  try {
    await addMembers(stage.owner, options.members, { browsers: { origin: push.origin, ...push.keys } })
    const wanted = options.members * peopleEach
    const from = performance.now()
    await releaseCall(stage)
    const mails = await arrived(office, push, wanted)
    const secondsTo = (times: number[]): number => (Math.max(...times) - from) / 1_000
    const [byMail, byPush] = [secondsTo(mails.map(({ at }) => at)), secondsTo(push.taken.map(({ at }) => at))]
    const browsers = new Set(push.taken.map(({ path }) => path))
    const bare = await bareSeconds(office, push, mails, [...browsers])
    say(
      `${wanted} mails in ${rounded(byMail)} s and ${browsers.size} push messages in ${rounded(byPush)} s from the release; bare ${rounded(bare.mail)} and ${rounded(bare.push)} s`,
    )
    const told = new Set(mails.map(({ to }) => to)).size
    return figuresOf({
      byMail,
      byPush,
      bare,
      wanted,
      told,
      browsers: browsers.size,
      members: options.members,
    })
  } finally {
    node.kill('SIGKILL')
    await office.close()
    await push.close()
    await stage.close()
  }
}

async function arrived(office: PostOffice, push: PushOffice, wanted: number): Promise<Mail[]> {
  const from = performance.now()
  while (office.count() < wanted || push.taken.length < wanted) {
    if (since(from) > longestMs)
      throw new Error(
        `only ${office.count()} mails and ${push.taken.length} push messages of ${wanted} each came in ten minutes`,
      )
    await new Promise((done) => setTimeout(done, 50))
  }
  return office.mails()
}

interface Bare {
  mail: number
  push: number
  both: number
}

/** Both at the same time, as ours does. */
async function bareSeconds(
  office: PostOffice,
  push: PushOffice,
  mails: Mail[],
  browsers: string[],
): Promise<Bare> {
  const pool = createTransport({ url: office.url, pool: true, maxConnections: connections })
  const vapidDetails = { subject: 'mailto:hsoc@hsoc.example', ...webPush.generateVAPIDKeys() }
  const from = performance.now()
  const waiting = [...browsers]
  const pushing = async (): Promise<void> => {
    for (let path = waiting.pop(); path; path = waiting.pop()) {
      const made = webPush.generateRequestDetails(
        { endpoint: push.origin + path, keys: push.keys },
        JSON.stringify({ class: 'POPLACH', path: '/rollcalls/1' }),
        { vapidDetails },
      )
      const headers = Object.entries(made.headers).map(([name, value]): [string, string] => [
        name,
        `${value}`,
      ])
      await fetch(made.endpoint, { method: 'POST', headers, body: new Uint8Array(made.body ?? []) })
    }
  }
  const after = async (all: Promise<unknown>[]): Promise<number> => {
    await Promise.all(all)
    return since(from) / 1_000
  }
  const [mail, pushed] = await Promise.all([
    after(
      mails.map(({ to, text }) =>
        pool.sendMail({ from: 'hsoc@hsoc.example', to, subject: 'POPLACH', text, html: `<p>${text}</p>` }),
      ),
    ),
    after(Array.from({ length: connections }, pushing)),
  ])
  pool.close()
  return { mail, push: pushed, both: Math.max(mail, pushed) }
}

interface Measured {
  byMail: number
  byPush: number
  bare: Bare
  wanted: number
  told: number
  browsers: number
  members: number
}

const figuresOf = ({ byMail, byPush, bare, wanted, told, browsers, members }: Measured): Figure[] => [
  {
    name: 'emergency',
    what: `an emergency to ${members} members with three contacts each by mail and push, in times of bare libraries that hand over the same messages`,
    value: rounded(Math.max(byMail, byPush) / bare.both),
    unit: 'x',
    must: null,
    aim: null,
    smaller: true,
    detail: {
      ...{ mails: wanted, addresses_told: told, browsers_told: browsers },
      ...{ bare_mail_s: rounded(bare.mail), bare_push_s: rounded(bare.push) },
    },
  },
  {
    name: 'emergency seconds',
    what: 'the same from the release to the last message',
    value: rounded(Math.max(byMail, byPush)),
    unit: 's',
    must: null,
    aim: 60,
    smaller: true,
    detail: { mail_s: rounded(byMail), push_s: rounded(byPush) },
  },
  {
    name: 'emergency mails',
    what: 'the same in mails a second',
    value: rounded(wanted / byMail),
    unit: '/s',
    must: null,
    aim: 300,
  },
]
