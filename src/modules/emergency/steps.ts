/**
 * The steps of each organisation, fired when they are due. Rows are claimed one worker each (SKIP LOCKED); whether the organisation has
 * answered is asked here, and once more right before each message is handed over (stop.ts).
 */
import type { Context } from '../../platform/context.ts'
import { asEngine, part, type Tx } from '../../platform/database.ts'
import type { Policy, Step } from '../duty/index.ts'
import { log } from './log.ts'
import { getBroadcast } from './read.ts'
import { tell } from './send.ts'
import type { Broadcast, OrgState } from './types.ts'
import { isHandedOver, stepReaches, waysOf } from './whom.ts'

/** Organisations in one transaction: so few that nobody waits long for it, and a crash repeats little. */
const atOnce = 25
const minuteMs = 60_000
/** After so long a step that failed is tried again. */
const againMs = minuteMs
/** Whoever saw it is left in peace by these steps (emergency.md 4). */
const lastStoppedBySeen = 2

interface Due {
  broadcast: number
  org: number
  state: OrgState
  step: number
  dueAt: number
  /** Of the organisation's own; null: it goes by those of the call. */
  policy: Policy | null
}

/** Fires what is due; answers how many steps. */
export async function fireSteps(context: Context, now: number): Promise<number> {
  let fired = 0
  for (;;) {
    const n = await asEngine(context.db, (tx) => fireSome(tx, context, now))
    fired += n
    if (n < atOnce) return fired
  }
}

async function fireSome(tx: Tx, context: Context, now: number): Promise<number> {
  const { rows } = await tx.query<Due & Record<string, unknown>>(
    `select r.broadcast_id as broadcast, r.org_id as org, r.state, r.next_step as step, r.policy, extract(epoch from r.next_at)::float8 * 1000 as "dueAt"
     from org_rollcalls r join broadcasts b on b.id = r.broadcast_id
     where r.next_at <= to_timestamp($1 / 1000.0) and b.state in ('approved', 'sending', 'open')
     order by b.class <> 'emergency', b.class <> 'warning', r.next_at, r.org_id limit $2 for update of r skip locked`,
    [now, atOnce],
  )
  const calls = new Map<number, Broadcast>()
  for (const due of rows) {
    const broadcast = calls.get(due.broadcast) ?? (await getBroadcast(tx, due.broadcast))
    calls.set(due.broadcast, broadcast)
    // What fails of one organisation must not keep the others waiting.
    await part(tx, () => fire(tx, context, broadcast, due, now)).catch((error: unknown) =>
      setAside(tx, context, due, error, now),
    )
  }
  for (const id of calls.keys()) await goOn(tx, id)
  if (rows.length > 0) await tx.query(`select announce('rollcalls', '')`)
  return rows.length
}

const stepOf = (policy: Policy | null, no: number): Step | undefined =>
  policy?.steps.find((step) => step.no === no)

async function fire(tx: Tx, context: Context, broadcast: Broadcast, due: Due, now: number): Promise<void> {
  const policy = due.policy ?? broadcast.policy
  const step = stepOf(policy, due.step)
  if (!step || due.state === 'answered') return settle(tx, due, {}, null)
  const next = stepOf(policy, due.step + 1)
  const nextAt = next ? Math.max(now, (broadcast.releasedAt ?? now) + next.delayMin * minuteMs) : null
  if (due.state === 'acknowledged' && due.step <= lastStoppedBySeen)
    return settle(tx, due, { step: due.step }, nextAt)
  const people = await stepReaches(tx, due.org, step, now)
  const told = await tell(
    tx,
    context.settings.secret,
    { broadcast, org: due.org, step: step.no, round: 0, dueAt: due.dueAt },
    people,
    now,
  )
  const written = people.filter(({ channel }) => channel !== 'phone').length
  await log(tx, { broadcast: broadcast.id, what: 'step', org: due.org, detail: { step: step.no, told } }, now)
  const handed = isHandedOver(step)
  if (handed) await handOver(tx, broadcast, due, now)
  // Nobody to tell: the next step does not wait for its time (emergency.md 5, 4).
  const isGap = written === 0 && !handed && due.state !== 'acknowledged'
  if (isGap && due.state === 'pending' && !(await wasTold(tx, due))) {
    await log(
      tx,
      { broadcast: broadcast.id, what: 'no_contact', org: due.org, detail: { step: step.no } },
      now,
    )
    return settle(tx, due, { step: step.no, state: 'no_contact' }, next ? now : null)
  }
  const isReached = due.state === 'no_contact' && written > 0
  return settle(
    tx,
    due,
    { step: step.no, ...(isReached ? { state: 'pending' } : {}) },
    isGap && next ? now : nextAt,
  )
}

/** The step comes again; until then a coordinator has the organisation on the list of those to call. */
async function setAside(tx: Tx, context: Context, due: Due, error: unknown, now: number): Promise<void> {
  const { broadcast, org, step } = due
  context.log.error({ err: error, broadcast, org, step }, 'a step of a call failed and will be tried again')
  await tx.query(
    `update org_rollcalls set next_at = to_timestamp($3 / 1000.0) where broadcast_id = $1 and org_id = $2`,
    [broadcast, org, now + againMs],
  )
  const { rowCount } = await tx.query(
    `update org_rollcalls set state = 'handed_to_operator' where broadcast_id = $1 and org_id = $2 and state in ('pending', 'delivered', 'no_contact')`,
    [broadcast, org],
  )
  if (rowCount) await log(tx, { broadcast, what: 'handed', org, detail: { step } }, now)
}

async function wasTold(tx: Tx, due: Due): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from rollcall_attempts where broadcast_id = $1 and org_id = $2 and channel <> 'phone' limit 1`,
    [due.broadcast, due.org],
  )
  return rowCount !== 0
}

/** A coordinator calls: everybody who was asked and has a number, and the organisation's own telephone. */
export async function handOver(
  tx: Tx,
  broadcast: Pick<Broadcast, 'id' | 'class' | 'written'>,
  { org, step }: Pick<Due, 'org' | 'step'>,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ person: number }>(
    `select distinct person_id as person from rollcall_attempts where broadcast_id = $1 and org_id = $2 and person_id is not null order by 1`,
    [broadcast.id, org],
  )
  const ways = await waysOf(
    tx,
    org,
    rows.map(({ person }) => person),
  )
  const phones = ways.filter(({ channel }) => channel === 'phone')
  await tell(tx, '', { broadcast, org, step, round: 0, dueAt: now }, phones, now)
  const { rowCount } = await tx.query(
    `update org_rollcalls set state = 'handed_to_operator' where broadcast_id = $1 and org_id = $2 and state in ('pending', 'delivered')`,
    [broadcast.id, org],
  )
  if (rowCount) await log(tx, { broadcast: broadcast.id, what: 'handed', org, detail: { step } }, now)
}

async function settle(
  tx: Tx,
  due: Due,
  done: { step?: number; state?: OrgState },
  nextAt: number | null,
): Promise<void> {
  await tx.query(
    `update org_rollcalls set last_step = coalesce($3, last_step), state = coalesce($4, state), next_step = $5, next_at = to_timestamp($6::float8 / 1000.0)
     where broadcast_id = $1 and org_id = $2`,
    [
      due.broadcast,
      due.org,
      done.step ?? null,
      done.state ?? null,
      nextAt === null ? null : due.step + 1,
      nextAt,
    ],
  )
}

/** Approved → sending with the first step → open when every organisation's first has fired. */
async function goOn(tx: Tx, broadcast: number): Promise<void> {
  await tx.query(
    `update broadcasts b set state = case when exists (select 1 from org_rollcalls r where r.broadcast_id = b.id and r.next_step = 1) then 'sending' else 'open' end
     where b.id = $1 and b.state in ('approved', 'sending')`,
    [broadcast],
  )
}
