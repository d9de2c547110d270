/** What goes over to the account that goes on, and back. Roles end and begin, as ever; the rest changes hands. */
import type { Tx } from '../../../platform/database.ts'

export interface Between {
  merge: number
  from: number
  into: number
}

/** Numbers of what went over, by kind. */
export type Handed = Record<
  'roles' | 'delegations' | 'contacts' | 'seats' | 'moderating' | 'assignments',
  number
>

/** Gives what is in force to the other account; roles of a provider's groups end, as that provider gives them to whom it knows. */
export async function handOver(tx: Tx, between: Between, at: string): Promise<Handed> {
  const { from, into } = between
  // Contacts, seats and moderating first: what is left when the roles end is over with them.
  const contacts = await moveContacts(tx, between)
  const seats = await noted(tx, between, 'seat', 'hand_over_seats($3, $4, $5)', [from, into, at])
  const moderating = await noted(tx, between, 'moderating', 'hand_over_moderating($3, $4)', [from, into])
  const assignments = await noted(tx, between, 'assignment', 'hand_over_assignments($3, $4, $5)', [
    from,
    into,
    at,
  ])
  const roles = await moveRoles(tx, between, at)
  const delegations = await moveDelegations(tx, between, at)
  return { roles, delegations, contacts, seats, moderating, assignments }
}

/** Calls a module's own function that answers what it moved, and notes that. */
async function noted(
  tx: Tx,
  { merge }: Between,
  kind: string,
  call: string,
  given: unknown[],
): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into person_merge_records (merge_id, kind, was_id, is_id) select $1, $2, id, id from ${call} id`,
    [merge, kind, ...given],
  )
  return rowCount ?? 0
}

async function moveContacts(tx: Tx, { merge, from, into }: Between): Promise<number> {
  const { rowCount } = await tx.query(
    `with moved as (update contact_points set person_id = $3 where person_id = $2 and ended_at is null returning id)
     insert into person_merge_records (merge_id, kind, was_id, is_id) select $1, 'contact', id, id from moved`,
    [merge, from, into],
  )
  return rowCount ?? 0
}

async function moveRoles(tx: Tx, { merge, from, into }: Between, at: string): Promise<number> {
  const { rowCount } = await tx.query(
    `with was as (select * from engagements where person_id = $2 and valid_to > $4::timestamptz),
     ended as (update engagements e set valid_to = greatest(e.valid_from, $4::timestamptz) from was where e.id = was.id),
     held as (
       select distinct on (w.id) w.id as was_id, s.id as is_id from was w
       join engagements s on s.person_id = $3 and s.org_id is not distinct from w.org_id and s.role = w.role and s.valid_to >= w.valid_to
       where w.source = 'manual' and s.source = 'manual'),
     began as (
       insert into engagements (person_id, org_id, role, valid_from, valid_to)
       select $3, org_id, role, greatest(valid_from, $4::timestamptz), valid_to from was
       where source = 'manual' and id not in (select was_id from held)
       returning id, org_id, role)
     insert into person_merge_records (merge_id, kind, was_id, is_id)
     select $1::int, 'engagement-held', was_id, is_id from held
     union all
     select distinct on (was.id) $1::int, 'engagement', was.id, began.id from was
     join began on began.org_id is not distinct from was.org_id and began.role = was.role where was.source = 'manual'`,
    [merge, from, into, at],
  )
  return rowCount ?? 0
}

async function moveDelegations(tx: Tx, { merge, from, into }: Between, at: string): Promise<number> {
  const { rowCount } = await tx.query(
    `with was as (update people_managers set ended_at = $4 where person_id = $2 and ended_at is null returning id, org_id, given_by),
     held as (
       select was.id as was_id, m.id as is_id from was join people_managers m on m.org_id = was.org_id and m.person_id = $3 and m.ended_at is null),
     began as (
       insert into people_managers (org_id, person_id, given_by, given_at)
       select org_id, $3, given_by, $4 from was where id not in (select was_id from held) returning id, org_id)
     insert into person_merge_records (merge_id, kind, was_id, is_id)
     select $1::int, 'delegation-held', was_id, is_id from held
     union all
     select $1::int, 'delegation', was.id, began.id from was join began using (org_id)`,
    [merge, from, into, at],
  )
  return rowCount ?? 0
}

/** Gives back what still stands. */
export async function giveBack(tx: Tx, between: Between, at: string): Promise<void> {
  const { merge, from, into } = between
  await tx.query(
    `update contact_points c set person_id = $2 from person_merge_records r
     where r.merge_id = $1 and r.kind = 'contact' and c.id = r.was_id and c.person_id = $3 and c.ended_at is null`,
    [merge, from, into],
  )
  await tx.query('select hand_over_seats($1, $2, $3, $4)', [into, from, at, await ids(tx, merge, 'seat')])
  await tx.query('select hand_over_moderating($1, $2, $3)', [into, from, await ids(tx, merge, 'moderating')])
  const assigned = await ids(tx, merge, 'assignment')
  await tx.query('select hand_over_assignments($1, $2, $3, $4)', [into, from, at, assigned])
  await returnRoles(tx, between, at)
  await returnDelegations(tx, between, at)
}

const ids = async (tx: Tx, merge: number, kind: string): Promise<number[]> => {
  const { rows } = await tx.query<{ id: number }>(
    'select was_id::int as id from person_merge_records where merge_id = $1 and kind = $2',
    [merge, kind],
  )
  return rows.map(({ id }) => id)
}

/** A role that was taken from the account that went on stays taken; one that it held itself before stays with it as well. */
async function returnRoles(tx: Tx, { merge, from }: Between, at: string): Promise<void> {
  await tx.query(
    `with went as (
       select r.kind, w.org_id, w.role, i.id, i.valid_to as until
       from person_merge_records r join engagements w on w.id = r.was_id join engagements i on i.id = r.is_id
       where r.merge_id = $1 and r.kind in ('engagement', 'engagement-held') and i.valid_to > $3::timestamptz),
     ended as (
       update engagements e set valid_to = greatest(e.valid_from, $3::timestamptz) from went where e.id = went.id and went.kind = 'engagement')
     insert into engagements (person_id, org_id, role, valid_from, valid_to) select $2, org_id, role, $3, until from went`,
    [merge, from, at],
  )
}

async function returnDelegations(tx: Tx, { merge, from }: Between, at: string): Promise<void> {
  await tx.query(
    `with went as (
       select r.kind, w.org_id, w.given_by, i.id from person_merge_records r
       join people_managers w on w.id = r.was_id join people_managers i on i.id = r.is_id
       where r.merge_id = $1 and r.kind in ('delegation', 'delegation-held') and i.ended_at is null),
     ended as (update people_managers m set ended_at = $3 from went where m.id = went.id and went.kind = 'delegation')
     insert into people_managers (org_id, person_id, given_by, given_at) select org_id, $2, given_by, $3 from went`,
    [merge, from, at],
  )
}
