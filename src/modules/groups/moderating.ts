/** What moderators and coordinators do to those who sit in a group. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../platform/errors.ts'
import { endOf, reasonIn } from './days.ts'
import { note } from './groups.ts'
import { endModeration, iso, isSeated, keepModerator, led, makeRoom, seatsHeld, tell } from './seats.ts'

/**
 * A coordinator gives a seat beside the group's rule. `org` is needed where the person acts for several. Throws Invalid (nobody of
 * that address acts for an organisation, or for several; sits there already; no reason; a day too far).
 */
export async function giveSeat(
  tx: Tx,
  wanted: { slug: string; email: string; org: number | null; reason: string; until: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, wanted.slug)
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators may do this')
  const reason = reasonIn(wanted.reason)
  const until = endOf(wanted.until, now)
  const { rows } = await tx.query<{ person: number; org_id: number }>(
    `select distinct p.id as person, e.org_id from people p join engagements e on e.person_id = p.id and acts_for(p.id, e.org_id)
     where lower(p.email) = lower($1) and p.disabled_at is null and ($2::int is null or e.org_id = $2)`,
    [wanted.email.trim(), wanted.org],
  )
  const [found] = rows
  if (!found) throw new Invalid('Nobody of this address acts for the organisation.', { email: 'nobody' })
  if (rows.length > 1) throw new Invalid('Say for which organisation.', { organisation: 'several' })
  const place = { group, person: found.person, org: found.org_id }
  if (await isSeated(tx, place)) throw new Invalid('This person sits there already.', { email: 'sits' })
  await makeRoom(tx, place, now)
  await tx.query(
    `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
     values ($1, $2, $3, 'manual', 'held', $4, $5, $6, $7)`,
    [group.id, place.person, place.org, reason, by.person, iso(now), until],
  )
  await note(tx, 'groups.give', { ...place, detail: { reason, until } }, by, now)
  await tell(tx, 'given', place)
}

interface Whom {
  slug: string
  person: number
}

/** Takes away every seat of the person that is not by role. Throws NotFound, Forbidden, Invalid, WrongState (only by role; the last moderator). */
export async function removeSeat(
  tx: Tx,
  { slug, person, reason }: Whom & { reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, slug)
  const why = reasonIn(reason)
  const given = (await seatsHeld(tx, group, person)).filter(({ seat }) => seat !== null)
  if (given.length === 0) throw new WrongState('A seat by role ends with the role')
  const orgs = given.map(({ org }) => org)
  await keepModerator(tx, { group, person, orgs }, by)
  await tx.query(
    `update seats set ends_at = greatest(since, $2::timestamptz), ended_by = 'removed', decided_by = $3, decided_at = $2, note = $4
     where id = any ($1)`,
    [given.map(({ seat }) => seat), iso(now), by.person, why],
  )
  await note(tx, 'groups.remove', { group, person, detail: { reason: why } }, by, now)
  await tell(tx, 'removed', { group, person })
  // Last, as who removes themselves leads the group no more.
  await endModeration(tx, { group, person, orgs }, now)
}

/** The person reads on but may not write. Throws NotFound, Forbidden, Invalid, WrongState (done before). */
export async function mute(
  tx: Tx,
  { slug, person, reason }: Whom & { reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, slug)
  const why = reasonIn(reason)
  await seatsHeld(tx, group, person)
  const { rowCount } = await tx.query(
    `insert into seat_mutes (group_id, person_id, reason, muted_by, muted_at) values ($1, $2, $3, $4, $5)
     on conflict (group_id, person_id) where ended_at is null do nothing`,
    [group.id, person, why, by.person, iso(now)],
  )
  if (!rowCount) throw new WrongState('This person may not write already')
  await note(tx, 'groups.mute', { group, person, detail: { reason: why } }, by, now)
}

/** Throws NotFound, Forbidden, WrongState (may write). */
export async function unmute(tx: Tx, { slug, person }: Whom, by: Actor, now: number): Promise<void> {
  const group = await led(tx, slug)
  if (person === by.person) throw new Forbidden('Nobody lets themselves write again')
  const { rowCount } = await tx.query(
    'update seat_mutes set ended_at = $3 where group_id = $1 and person_id = $2 and ended_at is null',
    [group.id, person, iso(now)],
  )
  if (!rowCount) throw new WrongState('This person may write')
  await note(tx, 'groups.unmute', { group, person }, by, now)
}

/** The appointment holds as long as the seat, for each organisation. Throws NotFound, Forbidden, WrongState (is one). */
export async function appoint(tx: Tx, { slug, person }: Whom, by: Actor, now: number): Promise<void> {
  const group = await led(tx, slug)
  const held = await seatsHeld(tx, group, person)
  if (held.some(({ moderator }) => moderator)) throw new WrongState('This person is a moderator already')
  await tx.query(
    `insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at)
     select $1, $2, org, $4, $5 from unnest($3::int[]) as org`,
    [group.id, person, held.map(({ org }) => org), by.person, iso(now)],
  )
  await note(tx, 'groups.appoint', { group, person }, by, now)
  await tell(tx, 'appointed', { group, person })
}

/** Throws NotFound, Forbidden, WrongState (is none; the last one). */
export async function dismiss(tx: Tx, { slug, person }: Whom, by: Actor, now: number): Promise<void> {
  const group = await led(tx, slug)
  const held = await seatsHeld(tx, group, person)
  const orgs = held.filter(({ moderator }) => moderator).map(({ org }) => org)
  if (orgs.length === 0) throw new WrongState('This person is no moderator')
  await keepModerator(tx, { group, person, orgs }, by)
  await note(tx, 'groups.dismiss', { group, person }, by, now)
  await endModeration(tx, { group, person, orgs }, now)
}
