/** What becomes of messages on their way: a way that fails is left for the person's next, and a step that reaches nobody gives way to the next. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { log } from './log.ts'
import { getBroadcast } from './read.ts'
import { tell } from './send.ts'
import { handOver } from './steps.ts'
import { type Told, waysOf } from './whom.ts'

/** How long a receipt is waited for where we died handing over (emergency.md 5, 3). */
const receiptMs = 120_000
const atOnce = 50

interface Person {
  broadcast: number
  org: number
  step: number
  hasNext: boolean
  person: number | null
  alive: boolean
  channels: string[]
  reasons: string[]
}

/** The messages of a step by person; alive while one may still arrive, or did. */
const byPerson = `
  select r.broadcast_id as broadcast, r.org_id as org, r.last_step as step, r.next_at is not null as "hasNext", a.person_id as person,
    bool_or(coalesce(d.state in ('sent', 'delivered', 'sending', 'held', 'digested')
      or d.state = 'queued' and s.down_since is null
      or d.state = 'unknown' and d.claimed_at > to_timestamp($1 / 1000.0) - $2 * interval '1 millisecond', false)) as alive,
    array_agg(distinct a.channel) as channels, array_agg(distinct coalesce(d.reason, s.channel, d.state)) as reasons
  from org_rollcalls r join broadcasts b on b.id = r.broadcast_id and b.state in ('sending', 'open')
    join rollcall_attempts a on a.broadcast_id = r.broadcast_id and a.org_id = r.org_id and a.step = r.last_step and a.round = 0 and a.channel <> 'phone'
    left join deliveries d on d.id = a.delivery_id
    left join channel_states s on s.channel = d.channel and s.down_since is not null
  where r.state in ('pending', 'delivered') and r.last_step > 0 %
  group by 1, 2, 3, 4, 5`

/** Answers how many organisations were moved on. */
export async function followUp(context: Context, now: number): Promise<number> {
  await noteArrived(context)
  const { rows } = await context.db.engine.query<{ broadcast: number; org: number }>(
    `select p.broadcast, p.org from (${byPerson.replace('%', '')}) p join org_rollcalls r on r.broadcast_id = p.broadcast and r.org_id = p.org
     where not p.alive group by 1, 2, r.followed_at order by r.followed_at nulls first, 1, 2 limit $3`,
    [now, receiptMs, atOnce],
  )
  let moved = 0
  for (const { broadcast, org } of rows)
    try {
      if (await asEngine(context.db, (tx) => moveOn(tx, context, broadcast, org, now))) moved++
      else await wait(context, broadcast, org, now)
    } catch (error) {
      context.log.error({ err: error, broadcast, org }, 'a call could not be followed up at one organisation')
      await wait(context, broadcast, org, now)
    }
  return moved
}

/** Others come first now: with more of them than are looked at together nobody would else get beyond the first. */
async function wait({ db }: Context, broadcast: number, org: number, now: number): Promise<void> {
  await db.engine.query(
    'update org_rollcalls set followed_at = to_timestamp($3 / 1000.0) where broadcast_id = $1 and org_id = $2',
    [broadcast, org, now],
  )
}

/** What the other side said that it arrived is more than that it was sent. */
async function noteArrived(context: Context): Promise<void> {
  await context.db.engine.query(
    `update org_rollcalls r set state = 'delivered' from broadcasts b
     where b.id = r.broadcast_id and b.state in ('sending', 'open') and r.state = 'pending' and exists (
       select 1 from rollcall_attempts a join deliveries d on d.id = a.delivery_id
       where a.broadcast_id = r.broadcast_id and a.org_id = r.org_id and d.state = 'delivered')`,
  )
}

async function moveOn(
  tx: Tx,
  context: Context,
  broadcast: number,
  org: number,
  now: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from org_rollcalls where broadcast_id = $1 and org_id = $2 for update skip locked',
    [broadcast, org],
  )
  if (!rowCount) return false
  const { rows: people } = await tx.query<Person & Record<string, unknown>>(
    byPerson.replace('%', 'and r.broadcast_id = $3 and r.org_id = $4'),
    [now, receiptMs, broadcast, org],
  )
  const call = await getBroadcast(tx, broadcast)
  const [first] = people
  if (!first) return false
  let told = 0
  for (const one of people.filter(({ alive }) => !alive)) told += await otherWay(tx, context, call, one, now)
  if (told > 0) return true
  if (people.some(({ alive }) => alive)) return false
  if (first.hasNext) return early(tx, first, now)
  await handOver(tx, call, { org, step: first.step }, now)
  return true
}

/** The person's next way that this step has not tried. */
async function otherWay(
  tx: Tx,
  context: Context,
  call: Awaited<ReturnType<typeof getBroadcast>>,
  one: Person,
  now: number,
): Promise<number> {
  // A test tries one way and nothing else.
  if (one.person === null || call.class === 'test') return 0
  const ways = await waysOf(tx, one.org, [one.person])
  const other = ways.find(({ channel }) => channel !== 'phone' && !one.channels.includes(channel))
  if (!other) return 0
  const reason = one.reasons.filter(Boolean).join(', ').slice(0, 200)
  const same: Told[] = ways.filter(({ channel }) => channel === other.channel)
  const n = await tell(
    tx,
    context.settings.secret,
    { broadcast: call, org: one.org, step: one.step, round: 0, dueAt: now, reason },
    same,
    now,
  )
  const detail = { step: one.step, channel: other.channel, reason }
  if (n > 0)
    await log(tx, { broadcast: call.id, what: 'moved', org: one.org, person: one.person, detail }, now)
  return n
}

/** Nobody of the step can be reached: the next one at once, not after its time. */
async function early(tx: Tx, { broadcast, org, step }: Person, now: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update org_rollcalls set next_at = to_timestamp($3 / 1000.0) where broadcast_id = $1 and org_id = $2 and next_at > to_timestamp($3 / 1000.0)`,
    [broadcast, org, now],
  )
  if (rowCount) await log(tx, { broadcast, what: 'early', org, detail: { step: step + 1 } }, now)
  return rowCount !== 0
}
