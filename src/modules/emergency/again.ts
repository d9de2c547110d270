/** Sending again to the silent alone, and what a coordinator notes at the telephone. */
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { NotFound, WrongState } from '../../platform/errors.ts'
import type { Policy } from '../duty/index.ts'
import { must, note } from './draft.ts'
import { log } from './log.ts'
import { lockBroadcast } from './read.ts'
import { tell } from './send.ts'
import { isRunning } from './types.ts'
import { stepReaches } from './whom.ts'

/** So that a second press tells nobody twice. */
const restMs = 5 * 60_000

/** Answers how many organisations are told again, each by the step where it stands. WrongState when nobody is silent, or it was just done. */
export async function againToSilent(
  tx: Tx,
  secret: Context['settings']['secret'],
  id: number,
  by: Actor,
  now: number,
): Promise<number> {
  must(by)
  const call = await lockBroadcast(tx, id)
  if (!isRunning(call)) throw new WrongState('The call is over')
  const { rows: last } = await tx.query<{ round: number; lately: boolean }>(
    `select coalesce(max(round), 0)::int as round, coalesce(max(at) filter (where round > 0) > to_timestamp($2 / 1000.0), false) as lately
     from rollcall_attempts where broadcast_id = $1`,
    [id, now - restMs],
  )
  if (last[0]?.lately) throw new WrongState('They were told again within the last five minutes')
  const { rows: silent } = await tx.query<{ org: number; step: number; policy: Policy | null }>(
    `select org_id as org, last_step as step, policy from org_rollcalls where broadcast_id = $1 and excused is null and last_step > 0
       and state not in ('answered', 'acknowledged') order by org_id for update`,
    [id],
  )
  const round = (last[0]?.round ?? 0) + 1
  let orgs = 0
  for (const { org, step: no, policy } of silent) {
    const step = (policy ?? call.policy)?.steps.findLast(
      (one) => one.no <= no && !one.targets.includes('coordinator'),
    )
    if (!step) continue
    const people = (await stepReaches(tx, org, step, now)).filter(({ channel }) => channel !== 'phone')
    const told = await tell(tx, secret, { broadcast: call, org, step: no, round, dueAt: now }, people, now)
    if (told > 0) orgs++
  }
  if (orgs === 0) throw new WrongState('Nobody is silent whom a message could reach')
  await log(tx, { broadcast: id, what: 'again', person: by.person, detail: { orgs } }, now)
  await note(tx, by, 'again', id, { orgs }, now)
  return orgs
}

/** Notes that a coordinator called somebody of the call list. */
export async function called(tx: Tx, id: number, attempt: number, by: Actor, now: number): Promise<void> {
  must(by)
  const { rows } = await tx.query<{ org: number; person: number | null }>(
    `update rollcall_attempts set called_at = to_timestamp($3 / 1000.0), called_by = $4
     where id = $2 and broadcast_id = $1 and channel = 'phone' returning org_id as org, person_id as person`,
    [id, attempt, now, by.person],
  )
  if (!rows[0]) throw new NotFound('There is no such call to make')
  await log(
    tx,
    { broadcast: id, what: 'called', org: rows[0].org, person: by.person, detail: { attempt } },
    now,
  )
  await note(tx, by, 'called', id, {}, now, rows[0].org)
}
