/**
 * An emergency to many members with three contacts each by mail, from the release to the last mail that the server took, beside the
 * same mails handed to the same server by a bare pool of connections.
 */
import { createTransport } from 'nodemailer'
import { addMembers, releaseCall, startNode } from './call-stage.ts'
import { type Mail, openPostOffice, type PostOffice } from './post-office.ts'
import type { Figure, Options } from './report.ts'
import { openStage } from './stage.ts'
import { rounded, since } from './statistics.ts'

const peopleEach = 3
/** As many connections as one node of ours has under way. */
const connections = 8
const longestMs = 600_000

export async function measureEmergency(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  const office = await openPostOffice()
  const node = await startNode(stage, office.url, 0)
  try {
    await addMembers(stage.owner, options.members, false)
    const wanted = options.members * peopleEach
    const from = performance.now()
    await releaseCall(stage)
    const mails = await arrived(office, wanted)
    const ours = (Math.max(...mails.map(({ at }) => at)) - from) / 1_000
    const bare = await bareSeconds(office, mails)
    say(`${wanted} mails: ${rounded(ours)} s from the release to the last, the bare pool ${rounded(bare)} s`)
    return figuresOf({
      ours,
      bare,
      wanted,
      told: new Set(mails.map(({ to }) => to)).size,
      members: options.members,
    })
  } finally {
    node.kill('SIGKILL')
    await office.close()
    await stage.close()
  }
}

async function arrived(office: PostOffice, wanted: number): Promise<Mail[]> {
  const from = performance.now()
  while (office.count() < wanted) {
    if (since(from) > longestMs)
      throw new Error(`only ${office.count()} of ${wanted} mails came in ten minutes`)
    await new Promise((done) => setTimeout(done, 50))
  }
  return office.mails()
}

async function bareSeconds(office: PostOffice, mails: Mail[]): Promise<number> {
  const pool = createTransport({ url: office.url, pool: true, maxConnections: connections })
  const from = performance.now()
  await Promise.all(
    mails.map(({ to, text }) =>
      pool.sendMail({ from: 'hsoc@hsoc.example', to, subject: 'POPLACH', text, html: `<p>${text}</p>` }),
    ),
  )
  const took = since(from) / 1_000
  pool.close()
  return took
}

interface Measured {
  ours: number
  bare: number
  wanted: number
  told: number
  members: number
}

const figuresOf = ({ ours, bare, wanted, told, members }: Measured): Figure[] => [
  {
    name: 'emergency',
    what: `an emergency to ${members} members with three contacts each by mail, in times of a bare pool that hands over the same mails`,
    value: rounded(ours / bare),
    unit: 'x',
    must: null,
    aim: null,
    smaller: true,
    detail: { mails: wanted, addresses_told: told, bare_s: rounded(bare) },
  },
  {
    name: 'emergency seconds',
    what: 'the same from the release to the last mail',
    value: rounded(ours),
    unit: 's',
    must: null,
    aim: 60,
    smaller: true,
  },
  {
    name: 'emergency mails',
    what: 'the same in mails a second',
    value: rounded(wanted / ours),
    unit: '/s',
    must: null,
    aim: 300,
  },
]
