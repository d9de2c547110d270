/** A roll-call of the sector led by two nodes, of which one is killed in the middle: each organisation is told, nobody twice within a step. */
import { setTimeout as rest } from 'node:timers/promises'
import { openSmsc } from '../test/smsc.ts'
import { addMembers, releaseCall, startNode } from './call-stage.ts'
import { openPostOffice } from './post-office.ts'
import type { Figure, Options } from './report.ts'
import { openStage, type Stage } from './stage.ts'
import { rounded, since } from './statistics.ts'

const peopleEach = 3
/** A mail that a dead node had in its hands is taken again after two minutes; text messages go one a second. */
const longestMs = 300_000

export async function measureRollcall(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  const [office, smsc] = [await openPostOffice(), await openSmsc()]
  const members = Math.min(options.members, 46)
  const [first, second] = await Promise.all([
    startNode(stage, { smtp: office.url, smsPort: smsc.port }),
    startNode(stage, { smtp: office.url, smsPort: smsc.port }),
  ])
  try {
    await addMembers(stage.owner, members, { numbers: true })
    const from = performance.now()
    const id = await releaseCall(stage)
    while (office.count() < members && since(from) < longestMs) await rest(5)
    first.kill('SIGKILL')
    say(
      `a node was killed after ${office.count()} of ${members * peopleEach} mails and ${smsc.taken.length} text messages`,
    )
    while ((await open(stage, id)) > 0 && since(from) < longestMs) await rest(500)
    const told = await tell(
      stage,
      id,
      (await office.mails()).map((mail) => `${mail.to} ${mail.id}`),
      smsc.taken.map(({ to }) => to),
    )
    const seconds = rounded(since(from) / 1_000)
    say(`${told.told} of ${members} organisations told, ${told.twice} messages twice, in ${seconds} s`)
    return figuresOf(members, { ...told, seconds })
  } finally {
    second.kill('SIGKILL')
    await office.close()
    await smsc.close().catch(() => {})
    await stage.close()
  }
}

/** Messages of the first step that are still on their way. */
async function open(stage: Stage, id: number): Promise<number> {
  const { rows } = await stage.owner.query<{ n: number }>(
    `select (select count(*) from deliveries where broadcast_id = $1 and state in ('queued', 'sending'))::int
       + (select count(*) from org_rollcalls where broadcast_id = $1 and last_step = 0)::int as n`,
    [id],
  )
  return rows[0]?.n ?? 0
}

interface Told {
  told: number
  /** Messages that reached somebody a second time within the step; a mail with the same Message-ID is shown once. */
  twice: number
  unknown: number
}

async function tell(stage: Stage, id: number, mails: string[], numbers: string[]): Promise<Told> {
  const { rows } = await stage.owner.query<{ told: number; unknown: number }>(
    `select count(distinct d.org_id) filter (where d.state in ('sent', 'delivered', 'unknown'))::int as told, count(*) filter (where d.state = 'unknown')::int as unknown
     from deliveries d join rollcall_attempts a on a.delivery_id = d.id and a.step = 1 where d.broadcast_id = $1`,
    [id],
  )
  const addresses = [...new Set(mails)].map((one) => one.split(' ')[0])
  const twice = addresses.length - new Set(addresses).size + numbers.length - new Set(numbers).size
  return { told: rows[0]?.told ?? 0, unknown: rows[0]?.unknown ?? 0, twice }
}

const figuresOf = (
  members: number,
  { told, twice, unknown, seconds }: Told & { seconds: number },
): Figure[] => [
  {
    name: 'roll-call told',
    what: 'part of the organisations told in the first step though a node was killed in the middle',
    value: rounded(told / members),
    unit: 'part',
    must: 1,
    aim: 1,
    detail: { members, seconds, text_messages_of_which_nobody_knows: unknown },
  },
  {
    name: 'roll-call twice',
    what: 'messages that reached somebody twice within the step',
    value: twice,
    unit: 'messages',
    must: 0,
    aim: 0,
    smaller: true,
  },
]
