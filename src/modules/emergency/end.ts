/** The end of a call: closed by hand or two hours after its deadline, or cancelled, which everybody is told who got a message. */
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { WrongState } from '../../platform/errors.ts'
import { type CallMessage, queueCall, stopCall } from '../channels/index.ts'
import { type Policy, reckonAnew } from '../duty/index.ts'
import { must, note } from './draft.ts'
import { log } from './log.ts'
import { getBroadcast, lockBroadcast } from './read.ts'
import { callOf, tell } from './send.ts'
import { type Broadcast, isRunning } from './types.ts'
import { stepReaches } from './whom.ts'

/** After the deadline late answers are still taken for so long. */
const openAfterMs = 2 * 3_600_000

async function runningCall(tx: Tx, id: number): Promise<Broadcast> {
  const call = await lockBroadcast(tx, id)
  if (!isRunning(call)) throw new WrongState('The call is over')
  return call
}

export async function close(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await shut(tx, await runningCall(tx, id), { state: 'closed', by: by.person }, now)
  await note(tx, by, 'close', id, {}, now)
}

/** Whoever got a message, or may have in a moment, is told that it does not hold; what waits stays here. */
export async function cancel(tx: Tx, id: number, by: Actor, now: number): Promise<number> {
  must(by)
  const told = await takeBack(tx, await runningCall(tx, id), by.person, now)
  await note(tx, by, 'cancel', id, { told }, now)
  return told
}

/** Ends a call that the program began; nothing where it is over. */
export async function endWith(tx: Tx, id: number, state: 'closed' | 'cancelled', now: number): Promise<void> {
  const call = await lockBroadcast(tx, id)
  if (!isRunning(call)) return
  if (state === 'closed') await shut(tx, call, { state, by: null }, now)
  else await takeBack(tx, call, null, now)
  await note(tx, null, state === 'closed' ? 'close' : 'cancel', id, {}, now)
}

async function takeBack(tx: Tx, call: Broadcast, by: number | null, now: number): Promise<number> {
  const { id } = call
  await stopCall(tx, id, 'call-over')
  const { rows } = await tx.query<CallMessage & Record<string, unknown>>(
    `select distinct on (d.channel, d.address, d.org_id) d.org_id as org, d.person_id as person, d.channel, d.address, d.detail->>'as' as "as"
     from deliveries d where d.broadcast_id = $1 and d.state in ('sending', 'sent', 'delivered', 'unknown') order by d.channel, d.address, d.org_id, d.id`,
    [id],
  )
  const messages = rows.map(({ as, ...one }) => ({
    ...one,
    topic: `rollcall ${id} org ${one.org} cancelled ${one.channel}`,
    dueAt: now,
    detail: { as, broadcast: id, step: 0, cancelled: true },
  }))
  const told = await queueCall(tx, callOf(call), messages, now)
  await shut(tx, call, { state: 'cancelled', by }, now)
  return told.length
}

async function shut(
  tx: Tx,
  call: Broadcast,
  { state, by }: { state: 'closed' | 'cancelled'; by: number | null },
  now: number,
): Promise<void> {
  await tx.query(
    `update broadcasts set state = $2, ended_at = to_timestamp($3 / 1000.0), ended_by = $4, changed_at = to_timestamp($3 / 1000.0) where id = $1`,
    [call.id, state, now, by],
  )
  await tx.query('update org_rollcalls set next_step = null, next_at = null where broadcast_id = $1', [
    call.id,
  ])
  if (state === 'closed') await stopCall(tx, call.id, 'call-over')
  // Deliveries are forgotten before the call is: what became of each message stays with its attempt.
  await tx.query(
    `update rollcall_attempts a set state = d.state, settled_at = coalesce(d.delivered_at, d.sent_at) from deliveries d
     where d.id = a.delivery_id and a.broadcast_id = $1`,
    [call.id],
  )
  if (state === 'closed' && (call.class === 'drill' || call.class === 'test'))
    await keepResults(tx, call, now)
  await log(tx, { broadcast: call.id, what: state, person: by }, now)
  await tx.query(`select announce('rollcalls', '')`)
}

/** Of a test a message that arrived is enough. */
async function keepResults(tx: Tx, { id, class: kind }: Broadcast, now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number }>(
    `insert into drill_results (org_id, broadcast_id, kind, at, outcome)
     select r.org_id, r.broadcast_id, $2, to_timestamp($3 / 1000.0), case
       when r.excused is not null then 'excused'
       when $2 = 'drill' and r.answered_at is null or $2 = 'test' and r.first_at is null and r.state <> 'delivered' then 'silent'
       when coalesce(r.answered_at, r.first_at) > b.deadline_at then 'late' else 'in_time' end
     from org_rollcalls r join broadcasts b on b.id = r.broadcast_id where r.broadcast_id = $1
     returning org_id as org`,
    [id, kind, now],
  )
  await reckonAnew(
    tx,
    rows.map(({ org }) => org),
  )
}

/** Asks those who saw it and said no more once again at the deadline, and closes what is long past it; answers how many. */
export async function endDue(context: Context, now: number): Promise<number> {
  const { rows } = await context.db.engine.query<{ id: number; over: boolean }>(
    `select id, deadline_at <= to_timestamp($2 / 1000.0) as over from broadcasts b where state in ('sending', 'open') and deadline_at <= to_timestamp($1 / 1000.0)
       and (deadline_at <= to_timestamp($2 / 1000.0) or exists (select 1 from org_rollcalls r where r.broadcast_id = b.id and r.state = 'acknowledged' and not r.asked_again))`,
    [now, now - openAfterMs],
  )
  for (const { id, over } of rows)
    await asEngine(context.db, (tx) => (over ? closeLate(tx, id, now) : askAgain(tx, context, id, now)))
  return rows.length
}

async function closeLate(tx: Tx, id: number, now: number): Promise<void> {
  const call = await lockBroadcast(tx, id)
  if (isRunning(call)) await shut(tx, call, { state: 'closed', by: null }, now)
}

async function askAgain(tx: Tx, context: Context, id: number, now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number; policy: Policy | null }>(
    `update org_rollcalls set asked_again = true where broadcast_id = $1 and state = 'acknowledged' and not asked_again returning org_id as org, policy`,
    [id],
  )
  const call = await getBroadcast(tx, id)
  for (const { org, policy } of rows) {
    const [first] = (policy ?? call.policy)?.steps ?? []
    if (!first || call.answers.length === 0) continue
    const people = await stepReaches(tx, org, first, now)
    const told = await tell(
      tx,
      context.settings.secret,
      { broadcast: call, org, step: 0, round: 0, dueAt: now },
      people,
      now,
    )
    await log(tx, { broadcast: id, what: 'deadline', org, detail: { told } }, now)
  }
}
