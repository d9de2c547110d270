/** Two accounts of one human that become one, and the way back for thirty days. Powers go over only when two coordinators say so. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { endAll } from '../../../platform/sessions.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'
import { inTurn } from '../managing.ts'
import { reasonOf } from '../reason.ts'
import { giveBack, handOver } from './hand-over.ts'
import { powersGoing } from './powers.ts'

export const undoableDays = 30
const dayMs = 86_400_000
/** What waits for a second coordinator is decided within a week. */
export const waitingMs = 7 * dayMs

export const undoableUntil = (mergedAt: number): number => mergedAt + undoableDays * dayMs

export interface Wanted {
  /** The account that ends to stand for itself. */
  person: number
  /** The account that goes on. */
  into: number
  reason: string
}

interface Standing {
  id: number
  email: string
  merged: boolean
  gone: boolean
}

/** Why two accounts cannot be merged; a word of `doubles.refused.<…>`. */
export type Obstacle = 'same' | 'gone' | 'into-gone' | 'own'

/** What stands in the way; null when nothing does. Nobody merges an account of their own. */
export function obstacle(person: Standing, into: Standing, by: Actor): Obstacle | null {
  if (person.id === into.id) return 'same'
  if (person.gone || person.merged) return 'gone'
  if (into.gone || into.merged) return 'into-gone'
  return by.person === person.id || by.person === into.id ? 'own' : null
}

/**
 * Merges the accounts, or asks for a second coordinator where a power goes over that the account going on does not have.
 * Throws Forbidden (no coordinator), NotFound, Invalid (no reason), WrongState (see `Obstacle`, or asked for before).
 */
export async function mergePeople(
  tx: Tx,
  wanted: Wanted,
  by: Actor,
  now: number,
): Promise<{ id: number; waits: boolean }> {
  const reason = reasonOf(wanted.reason)
  const pair = await begin(tx, wanted, by, now)
  const powers = await powersGoing(tx, pair.person.id, pair.into.id, now)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ id: number }>(
    `insert into person_merges (person_id, into_id, reason, asked_by, asker, asked_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning id`,
    [wanted.person, wanted.into, reason, by.person, by.name, at],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new WrongState('waiting')
  if (powers.length > 0) {
    await note(tx, 'members.ask-merge-people', wanted, { merge: id, reason, powers }, by, now)
    return { id, waits: true }
  }
  await carryOut(tx, { id, ...pair, reason }, by, now)
  return { id, waits: false }
}

/** The second coordinator's yes. Throws Forbidden (who asked, or whose account it is), NotFound, WrongState (decided, taken back, too late). */
export async function confirmMerging(tx: Tx, merge: number, by: Actor, now: number): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators merge accounts')
  const { rows } = await tx.query<Wanted & { askedBy: number }>(
    `select person_id as person, into_id as into, reason, asked_by as "askedBy" from person_merges
     where id = $1 and merged_at is null and ended_at is null and asked_at > $2::timestamptz for update`,
    [merge, new Date(now - waitingMs).toISOString()],
  )
  const [asked] = rows
  if (!asked) throw await missing(tx, merge)
  if (asked.askedBy === by.person) throw new Forbidden('Somebody else than who asked has to decide')
  const pair = await begin(tx, asked, by, now)
  await tx.query('update person_merges set decided_by = $2, decider = $3 where id = $1', [
    merge,
    by.person,
    by.name,
  ])
  await carryOut(tx, { id: merge, ...pair, reason: asked.reason }, by, now)
}

/**
 * Takes it back: what waits is dropped, what was merged within thirty days is undone. What happened since stays with whom it
 * happened to. Throws Forbidden, NotFound, Invalid (no reason), WrongState (taken back before, too late, erased, or merged further).
 */
export async function takeBack(
  tx: Tx,
  wanted: { merge: number; reason: string },
  by: Actor,
  now: number,
): Promise<'dropped' | 'undone'> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators merge accounts')
  const reason = reasonOf(wanted.reason)
  await inOrder(tx)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ person: number; into: number; merged: boolean }>(
    `update person_merges g set ended_at = $2, ended_reason = $3, ended_by = $4, ender = $5
     from people p, people i where g.id = $1 and g.ended_at is null and p.id = g.person_id and i.id = g.into_id
       and (g.merged_at is null or (g.merged_at > $2::timestamptz - make_interval(days => ${undoableDays})
         and p.erased_at is null and i.merged_into is null))
     returning g.person_id as person, g.into_id as into, g.merged_at is not null as merged`,
    [wanted.merge, at, reason, by.person, by.name],
  )
  const [taken] = rows
  if (!taken) throw await missing(tx, wanted.merge)
  if (!taken.merged) {
    await note(tx, 'members.drop-merge-people', taken, { merge: wanted.merge, reason }, by, now)
    return 'dropped'
  }
  if (taken.person === by.person || taken.into === by.person)
    throw new Forbidden('Nobody decides on their own account')
  await lockOrganisations(tx, [taken.person, taken.into])
  await tx.query('update people set merged_into = null, disabled_at = null where id = $1', [taken.person])
  await giveBack(tx, { merge: wanted.merge, from: taken.person, into: taken.into }, at)
  await refresh(tx, [taken.person, taken.into])
  await note(tx, 'members.unmerge-people', taken, { merge: wanted.merge, reason }, by, now)
  await tell(tx, { id: wanted.merge, ...taken, template: 'accounts-parted' }, at)
  return 'undone'
}

/** Carries it out, with everything that makes the account that ends let nobody in. */
async function carryOut(
  tx: Tx,
  { id, person, into, reason }: { id: number; person: Standing; into: Standing; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString()
  await lockOrganisations(tx, [person.id, into.id])
  const handed = await handOver(tx, { merge: id, from: person.id, into: into.id }, at)
  await tx.query('update person_merges set merged_at = $2 where id = $1', [id, at])
  await tx.query('update people set merged_into = $2, disabled_at = $3 where id = $1', [
    person.id,
    into.id,
    at,
  ])
  await tx.query('delete from password_resets where person_id = $1', [person.id])
  await tx.query(
    `update invitations set ended_at = $2, outcome = 'withdrawn' where person_id = $1 and ended_at is null`,
    [person.id, at],
  )
  await tx.query(
    'update recoveries set withdrawn_at = $2 where person_id = $1 and used_at is null and withdrawn_at is null',
    [person.id, at],
  )
  await endAll(tx, person.id)
  await refresh(tx, [person.id, into.id])
  await note(
    tx,
    'members.merge-people',
    { person: person.id, into: into.id },
    { merge: id, reason, ...handed },
    by,
    now,
  )
  await tell(tx, { id, person: person.id, into: into.id, template: 'accounts-merged' }, at)
}

/** Both accounts, held until the end of the transaction; one such deed after another. */
async function begin(
  tx: Tx,
  { person, into }: Pick<Wanted, 'person' | 'into'>,
  by: Actor,
  now: number,
): Promise<{ person: Standing; into: Standing }> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators merge accounts')
  await inOrder(tx)
  await tx.query(
    `update person_merges set ended_at = asked_at + interval '7 days', ended_reason = 'not decided in time'
     where merged_at is null and ended_at is null and asked_at <= $1::timestamptz`,
    [new Date(now - waitingMs).toISOString()],
  )
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    `select id, email, merged_into is not null as merged, disabled_at is not null as gone from people where id = any ($1) order by id for update`,
    [[person, into]],
  )
  const pair = { person: rows.find(({ id }) => id === person), into: rows.find(({ id }) => id === into) }
  if (!pair.person || !pair.into) throw new NotFound('There is no such person')
  const found = { person: pair.person, into: pair.into }
  const hindered = obstacle(found.person, found.into, by)
  if (hindered) throw new WrongState(hindered)
  return found
}

const inOrder = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('merge people'))`)

/** Deeds about the people of their organisations come before or after, not in between. */
async function lockOrganisations(tx: Tx, people: number[]): Promise<void> {
  const { rows } = await tx.query<{ org: number }>(
    'select distinct org_id as org from engagements where person_id = any ($1) and org_id is not null order by 1',
    [people],
  )
  for (const { org } of rows) await inTurn(tx, org)
}

const refresh = (tx: Tx, people: number[]) =>
  tx.query('select people_set_readers(id) from unnest($1::int[]) id', [people])

async function missing(tx: Tx, merge: number): Promise<Error> {
  const { rowCount } = await tx.query('select 1 from person_merges where id = $1', [merge])
  return rowCount ? new WrongState('over') : new NotFound('There is no such merging')
}

/** To both addresses; the account that goes on is the reader of what says so, as the other one is nobody's any more. */
async function tell(
  tx: Tx,
  { id, person, into, template }: { id: number; person: number; into: number; template: string },
  at: string,
): Promise<void> {
  const merged = template === 'accounts-merged'
  await tx.query(
    `select queue_account_mail($1 || ':' || $2::text || case when p.id = i.id then ':kept' else ':gone' end, case when $6 then i.id else p.id end, p.email,
       jsonb_build_object('template', $1::text, 'at', $5::text) || case when $6 and p.id <> i.id then jsonb_build_object('kept', i.email) else '{}' end, $5::timestamptz)
     from people p, people i where p.id in ($3, $4) and i.id = $4`,
    [template, id, person, into, at, merged],
  )
}

const note = (
  tx: Tx,
  verb: string,
  { person, into }: { person: number; into: number },
  detail: object,
  by: Actor,
  now: number,
) =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${person}`,
    detail: { into, ...detail },
    readers: [COORDINATORS, personScope(person), personScope(into)],
  })
