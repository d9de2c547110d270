/**
 * The steps of each organisation, fired when they are due. Rows are claimed one worker each (SKIP LOCKED); whether the organisation has
 * answered is asked here, and once more right before each message is handed over (stop.ts).
 */
import type { Context } from '../../platform/context.ts'
import { asEngine, kept, part, type Queryable, type Tx } from '../../platform/database.ts'
import { Unavailable } from '../../platform/errors.ts'
import type { Policy, Step } from '../duty/index.ts'
import { log, logAll } from './log.ts'
import { getBroadcast } from './read.ts'
import { tell, tellAll } from './send.ts'
import type { Broadcast, OrgState } from './types.ts'
import { isHandedOver, stepReaches, type Told, waysOf } from './whom.ts'

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
  for (const { broadcast } of rows)
    calls.set(broadcast, calls.get(broadcast) ?? (await getBroadcast(tx, broadcast)))
  // Who is reached is asked beside the transaction, for all at once.
  const firings = await Promise.allSettled(
    rows.map((due) => firingOf(context.db.engine, calls.get(due.broadcast) as Broadcast, due, now)), // each is read above
  )
  // No organisation's fault: all of them are due still, and tried again at once.
  const away = firings.find((one) => one.status === 'rejected' && one.reason instanceof Unavailable)
  if (away?.status === 'rejected') throw away.reason
  const ready = firings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  await part(tx, () => fire(tx, context, ready, now)).catch(() => each(tx, context, ready, now))
  for (const [i, one] of firings.entries())
    if (one.status === 'rejected') await setAside(tx, context, rows[i] as Due, one.reason, now) // as many as rows
  for (const id of calls.keys()) await goOn(tx, id)
  if (rows.length > 0) await tx.query(`select announce('rollcalls', '')`)
  return rows.length
}

/** What fails of one organisation must not keep the others waiting. */
async function each(tx: Tx, context: Context, firings: Firing[], now: number): Promise<void> {
  for (const one of firings)
    await part(tx, () => fire(tx, context, [one], now)).catch((error: unknown) =>
      setAside(tx, context, one.due, error, now),
    )
}

const stepOf = (policy: Policy | null, no: number): Step | undefined =>
  policy?.steps.find((step) => step.no === no)

/** A step that is due, with whom it reaches; null where there is nobody to tell any more. */
interface Firing {
  due: Due
  broadcast: Broadcast
  telling: { step: Step; people: Told[] } | null
  settled: Settled
}

async function firingOf(db: Queryable, broadcast: Broadcast, due: Due, now: number): Promise<Firing> {
  const { broadcast: id, org, step: no } = due
  const policy = due.policy ?? broadcast.policy
  const step = stepOf(policy, no)
  if (!step || due.state === 'answered')
    return { due, broadcast, telling: null, settled: { broadcast: id, org, step: no, nextAt: null } }
  const next = stepOf(policy, no + 1)
  const nextAt = next ? Math.max(now, (broadcast.releasedAt ?? now) + next.delayMin * minuteMs) : null
  const settled = { broadcast: id, org, step: no, last: no, nextAt }
  if (due.state === 'acknowledged' && no <= lastStoppedBySeen)
    return { due, broadcast, telling: null, settled }
  return { due, broadcast, telling: { step, people: await stepReaches(db, org, step, now) }, settled }
}

/** With few statements for all of them. */
async function fire(tx: Tx, context: Context, firings: Firing[], now: number): Promise<void> {
  if (firings.length === 0) return
  const telling = firings.flatMap(({ due, broadcast, telling: one }) =>
    one ? [{ ...one, broadcast, org: due.org, round: 0, dueAt: due.dueAt, no: one.step.no }] : [],
  )
  const told = await tellAll(
    tx,
    context.settings.secret,
    telling.map(({ no, ...one }) => ({ ...one, step: no })),
    now,
  )
  await logAll(
    tx,
    telling.map(({ broadcast, org, no }, i) => ({
      ...{ broadcast: broadcast.id, what: 'step', org },
      detail: { step: no, told: told[i] ?? 0 },
    })),
    now,
  )
  const settled: Settled[] = []
  for (const one of firings) settled.push(await after(tx, one, now))
  await settle(tx, settled)
}

/** What else comes of it, and where the organisation stands then. */
async function after(tx: Tx, { due, broadcast, telling, settled }: Firing, now: number): Promise<Settled> {
  if (!telling) return settled
  const { step, people } = telling
  const written = people.filter(({ channel }) => channel !== 'phone').length
  const handed = isHandedOver(step)
  if (handed) await handOver(tx, broadcast, due, now)
  // Nobody to tell: the next step does not wait for its time (emergency.md 5, 4).
  const isGap = written === 0 && !handed && due.state !== 'acknowledged'
  const nextAt = isGap && settled.nextAt !== null ? now : settled.nextAt
  if (isGap && due.state === 'pending' && !(await wasTold(tx, due))) {
    await log(
      tx,
      { broadcast: broadcast.id, what: 'no_contact', org: due.org, detail: { step: step.no } },
      now,
    )
    return { ...settled, state: 'no_contact', nextAt }
  }
  const isReached = due.state === 'no_contact' && written > 0
  return { ...settled, ...(isReached ? { state: 'pending' as const } : {}), nextAt }
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

interface Settled extends Pick<Due, 'broadcast' | 'org' | 'step'> {
  /** The step that fired; without one as before. */
  last?: number
  state?: OrgState
  /** When the one after `step` is due; null: there is none. */
  nextAt: number | null
}

async function settle(tx: Tx, settled: Settled[]): Promise<void> {
  await tx.query(
    kept(`update org_rollcalls r set last_step = coalesce(s.last, r.last_step), state = coalesce(s.state, r.state),
       next_step = case when s."nextAt" is not null then s.step + 1 end, next_at = to_timestamp(s."nextAt" / 1000.0)
     from jsonb_to_recordset($1::jsonb) as s (broadcast int, org int, step int, last int, state text, "nextAt" float8)
     where r.broadcast_id = s.broadcast and r.org_id = s.org`),
    [JSON.stringify(settled)],
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
