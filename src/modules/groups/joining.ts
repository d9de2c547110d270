/** A person's own steps: asking for a seat or taking it, leaving, and how messages are to come. And the answer to who asked. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { type Group, inTurn, note } from './groups.ts'
import { endModeration, iso, isSeated, keepModerator, led, makeRoom, tell } from './seats.ts'

/**
 * Takes a seat in an open group or asks for one, for one organisation. Throws NotFound, Forbidden (does not fit), Invalid (too
 * long), WrongState (held or asked already; the group is joined otherwise).
 */
export async function join(
  tx: Tx,
  wanted: { slug: string; org: number; reason: string },
  by: Actor,
  now: number,
): Promise<'asked' | 'taken'> {
  const group = await inTurn(tx, wanted.slug)
  if (group.joining !== 'open' && group.joining !== 'request')
    throw new WrongState('This group is not joined by asking')
  const reason = wanted.reason.trim()
  if (reason.length > 500) throw new Invalid('At most 500 letters.', { reason: 'long' })
  const { rows } = await tx.query<{ fits: boolean }>('select fits_group($1, $2, $3) as fits', [
    group.id,
    wanted.org,
    group.joining,
  ])
  if (!rows[0]?.fits) throw new Forbidden('This group is not for your role at that organisation')
  await refuseSecond(tx, group, wanted.org, by, now)
  const [way, state] = group.joining === 'open' ? (['taken', 'held'] as const) : (['asked', 'asked'] as const)
  await tx.query(
    `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since) values ($1, $2, $3, $4, $5, $6, $2, $7)`,
    [group.id, by.person, wanted.org, way, state, reason, iso(now)],
  )
  const about = { group, person: by.person, org: wanted.org, detail: { reason } }
  await note(tx, way === 'taken' ? 'groups.take' : 'groups.ask', about, by, now)
  if (way === 'asked') await tx.query('select tell_leaders($1)', [group.id])
  return way
}

async function refuseSecond(tx: Tx, group: Group, org: number, by: Actor, now: number): Promise<void> {
  if (await isSeated(tx, { group, person: by.person, org })) throw new WrongState('The seat is held already')
  const { rowCount } = await tx.query(
    `select 1 from seats where group_id = $1 and person_id = $2 and org_id = $3 and state = 'asked' and ends_at > $4`,
    [group.id, by.person, org, iso(now)],
  )
  if (rowCount) throw new WrongState('This was asked for already and waits to be decided')
}

/** Gives up one's own seat for an organisation, or takes one's request back. Throws NotFound, WrongState (a seat by role; the last moderator). */
export async function leave(
  tx: Tx,
  { slug, org }: { slug: string; org: number },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await inTurn(tx, slug)
  const place = { group, person: by.person, org }
  const { rows } = await tx.query<{ waits: boolean }>(
    `select state = 'asked' as waits from seats
     where group_id = $1 and person_id = $2 and org_id = $3 and state in ('asked', 'held') and ends_at > $4`,
    [group.id, by.person, org, iso(now)],
  )
  if (!rows[0]) {
    if (await isSeated(tx, place)) throw new WrongState('A seat by role ends with the role')
    throw new NotFound('There is no such seat')
  }
  if (!rows[0].waits) await keepModerator(tx, { ...place, orgs: [org] }, by)
  await makeRoom(tx, place, now)
  await endModeration(tx, { ...place, orgs: [org] }, now)
  await note(tx, 'groups.leave', place, by, now)
}

/** A moderator or coordinator answers who asked. Throws NotFound, Forbidden (one's own), Invalid, WrongState (nobody waits any more). */
export async function decide(
  tx: Tx,
  { slug, seat, accept, reason }: { slug: string; seat: number; accept: boolean; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, slug)
  const why = reason.trim()
  if (why.length > 500) throw new Invalid('At most 500 letters.', { reason: 'long' })
  const { rows } = await tx.query<{ person: number; org_id: number; waits: boolean }>(
    `select person_id as person, org_id, state = 'asked' and ends_at > $3 as waits from seats where id = $1 and group_id = $2`,
    [seat, group.id, iso(now)],
  )
  const [asked] = rows
  if (!asked) throw new NotFound('There is no such request')
  if (asked.person === by.person) throw new Forbidden('Nobody decides their own request')
  if (!asked.waits) throw new WrongState('This request does not wait any more')
  await tx.query(
    `update seats set state = $2, since = case when $3 then $4::timestamptz else since end, decided_by = $5, decided_at = $4, note = $6 where id = $1`,
    [seat, accept ? 'held' : 'refused', accept, iso(now), by.person, why],
  )
  const about = { group, person: asked.person, org: asked.org_id, detail: { reason: why } }
  await note(tx, accept ? 'groups.accept' : 'groups.refuse', about, by, now)
  await tell(tx, accept ? 'accepted' : 'refused', { group, person: asked.person })
}

export const deliveries = ['each', 'daily', 'weekly', 'notice', 'none'] as const
export type DeliveryChoice = (typeof deliveries)[number]

/** How messages of the group are to come. Throws NotFound to who does not sit there. */
export async function choose(
  tx: Tx,
  { slug, delivery }: { slug: string; delivery: DeliveryChoice },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await inTurn(tx, slug)
  const { rowCount } = await tx.query(
    'select 1 from seats_in_force() s where s.group_id = $1 and s.person_id = $2',
    [group.id, by.person],
  )
  if (!rowCount) throw new NotFound('There is no such seat')
  await tx.query(
    `insert into seat_choices (group_id, person_id, delivery, changed_at) values ($1, $2, $3, $4)
     on conflict (group_id, person_id) do update set delivery = excluded.delivery, changed_at = excluded.changed_at`,
    [group.id, by.person, delivery, iso(now)],
  )
  await note(tx, 'groups.delivery', { group, person: by.person, detail: { delivery } }, by, now)
}
