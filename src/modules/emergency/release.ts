/** The release: number, text, steps (of the call, and of organisations that have their own) and organisations are frozen in one transaction; from there the worker goes on. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { dayOf } from '../../platform/dates.ts'
import { Forbidden, Invalid, refuseChanged, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { periodAt } from '../warnings/index.ts'
import { type Asked, audienceOf } from './audience.ts'
import { callRevision, draftOf, must, note } from './draft.ts'
import { type Ladder, laddersOf } from './ladders.ts'
import { log } from './log.ts'
import { currentPolicy, policyFor } from './policies.ts'
import { lockBroadcast } from './read.ts'
import type { Broadcast, Class } from './types.ts'

const reviewWithinMs = 24 * 3_600_000

/** What is real needs two persons; a drill and a test one. */
export const needsTwo = (cls: Class): boolean => cls === 'emergency' || cls === 'warning'

/**
 * Answers how many organisations are asked. Throws Forbidden for author and last editor of what is real, Changed when it is not what
 * `seen` says that they saw, WrongState when nobody would be asked.
 */
export async function release(tx: Tx, id: number, by: Actor, now: number, seen?: string): Promise<number> {
  must(by)
  const draft = await draftOf(tx, id)
  const period = await alone(tx, draft, by, now)
  const policy = policyFor(draft, await currentPolicy(tx))
  refuseChanged(seen, callRevision(draft, policy))
  if (draft.body.trim() === '' && draft.class !== 'test')
    throw new Invalid('Something is missing', { body: 'lack' })
  // Two drills of one moment must not both ask an organisation that is to rest.
  if (draft.class === 'drill') await tx.query(`select pg_advisory_xact_lock(hashtext('drill'))`)
  const asked = (await audienceOf(tx, draft, now)).filter((one) => !one.cooling)
  if (asked.every((one) => one.excused !== null))
    throw new WrongState('Nobody would be asked: the audience is empty, excused or had a drill lately')
  const review = period === null ? null : now + reviewWithinMs
  await sendOut(tx, draft, asked, { approver: by.person, period, reviewDueAt: review, by }, now)
  return asked.length
}

interface Standing {
  approver: number
  /** The declared period in which one person alone let it out. */
  period: number | null
  reviewDueAt: number | null
  /** Null: the program, for the warning that the call belongs to. */
  by: Actor | null
}

/** Freezes and lets out what was looked at: numbered, with its steps and who is asked. */
export async function sendOut(
  tx: Tx,
  draft: Broadcast,
  asked: Asked[],
  { approver, period, reviewDueAt, by }: Standing,
  now: number,
): Promise<void> {
  const { id } = draft
  const policy = policyFor(draft, await currentPolicy(tx))
  const number = await nextNumber(tx, draft.class, now)
  const { own } = await laddersOf(
    tx,
    draft,
    asked.map(({ org }) => org),
    now,
  )
  await tx.query(
    `update broadcasts set state = 'approved', number = $2, policy = $3, deadline_at = to_timestamp($4 / 1000.0), approver_id = $5, period_id = $6,
       review_due_at = to_timestamp($7 / 1000.0), released_at = to_timestamp($8 / 1000.0), changed_at = to_timestamp($8 / 1000.0), readers = $9 where id = $1`,
    [
      id,
      number,
      policy,
      now + draft.withinMin * 60_000,
      approver,
      period,
      reviewDueAt,
      now,
      [COORDINATORS, ...asked.map(({ org }) => readersOfOrg(org))],
    ],
  )
  await tx.query(
    `insert into org_rollcalls (broadcast_id, org_id, state, excused, policy, next_step, next_at)
     select $1, a.org, 'pending', a.excused, a.policy, case when a.excused is null then 1 end, case when a.excused is null then to_timestamp($3 / 1000.0) end
     from jsonb_to_recordset($2::jsonb) as a (org int, excused text, policy jsonb)`,
    [id, JSON.stringify(asked.map((one) => ({ ...one, policy: ownSteps(own, one.org) }))), now],
  )
  await log(
    tx,
    { broadcast: id, what: 'released', person: by?.person ?? null, detail: { number, orgs: asked.length } },
    now,
  )
  await note(tx, by, 'release', id, { number, class: draft.class, orgs: asked.length }, now)
}

/** Null: it goes by the steps of the call. */
function ownSteps(own: Map<number, Ladder>, org: number): Ladder['policy'] | null {
  const ladder = own.get(org)
  return ladder?.whose === 'own' ? ladder.policy : null
}

/** Null where two persons stand behind it, or one is enough; the period where one does. */
async function alone(tx: Tx, draft: Broadcast, by: Actor, now: number): Promise<number | null> {
  if (!needsTwo(draft.class)) return null
  if (by.person !== draft.author && by.person !== draft.editor) return null
  const period = await periodAt(tx, now)
  if (!period) throw new Forbidden('Somebody else than its author and last editor releases it')
  return period.id
}

/** Given once, in the class and the year of Prague. */
async function nextNumber(tx: Tx, cls: Class, now: number): Promise<string> {
  const year = dayOf(now).slice(0, 4)
  const { rows } = await tx.query<{ last: number }>(
    `insert into broadcast_numbers as n (class, year, last) values ($1, $2, 1)
     on conflict (class, year) do update set last = n.last + 1 returning last`,
    [cls, Number(year)],
  )
  return `${rows[0]?.last ?? 1}/${year}`
}

/** Looks at what one person released alone; somebody else than who released it. */
export async function judge(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  const broadcast = await lockBroadcast(tx, id)
  if (broadcast.approver === by.person) throw new Forbidden('Somebody else than who released it looks at it')
  const { rowCount } = await tx.query(
    `update broadcasts set judged_by = $2, judged_at = to_timestamp($3 / 1000.0) where id = $1 and review_due_at is not null and judged_at is null`,
    [id, by.person, now],
  )
  if (!rowCount) throw new WrongState('Nothing waits to be looked at')
  await log(tx, { broadcast: id, what: 'judged', person: by.person }, now)
  await note(tx, by, 'judge', id, {}, now)
}
