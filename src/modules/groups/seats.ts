/** What holds for every seat, however it came: who leads a group, who sits there already, and that a group keeps a moderator. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { type Group, inTurn } from './groups.ts'

/** As the database reads a moment. */
export const iso = (now: number): string => new Date(now).toISOString()

/** A person in a group for an organisation. */
export interface Place {
  group: Group
  person: number
  org: number
}

/** The group, in turn. Throws NotFound, WrongState (closed), and Forbidden to whoever does not lead it. */
export async function led(tx: Tx, slug: string): Promise<Group> {
  const group = await inTurn(tx, slug)
  const { rows } = await tx.query<{ leads: boolean | null }>('select moderates($1) as leads', [group.id])
  if (!rows[0]?.leads) throw new Forbidden('Only moderators and coordinators may do this')
  return group
}

/** Whether the seat is in force, by role or otherwise. */
export async function isSeated(tx: Tx, { group, person, org }: Place): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from seats_in_force() s where s.group_id = $1 and s.person_id = $2 and s.org_id = $3',
    [group.id, person, org],
  )
  return rowCount !== 0
}

/** A mail to whom it concerns: by number, or by an address that may be nobody's. */
export const tell = (
  tx: Tx,
  about: 'invited' | 'accepted' | 'refused' | 'given' | 'removed' | 'appointed',
  { group, person, address }: { group: Group; person?: number; address?: string },
): Promise<unknown> =>
  tx.query('select tell_of_group($1, $2, $3, $4)', [about, group.id, person ?? null, address ?? null])

/** What was asked for there, or is held without being in force because the role is gone, makes room for another seat. */
export const makeRoom = (tx: Tx, { group, person, org }: Place, now: number): Promise<unknown> =>
  tx.query(
    `update seats set state = case state when 'asked' then 'withdrawn' else state end, ends_at = greatest(since, $4::timestamptz), ended_by = 'left'
     where group_id = $1 and person_id = $2 and org_id = $3 and state in ('asked', 'held') and ends_at > $4`,
    [group.id, person, org, iso(now)],
  )

export interface Held {
  org: number
  /** Null for a seat by role. */
  seat: number | null
  moderator: boolean
}

/** A person's seats in a group. Throws NotFound for somebody who does not sit there. */
export async function seatsHeld(tx: Tx, group: Group, person: number): Promise<Held[]> {
  const { rows } = await tx.query<{ org_id: number; seat_id: number | null; moderator: boolean }>(
    'select org_id, seat_id, moderator from group_roster($1) where person_id = $2 order by org_id',
    [group.id, person],
  )
  if (rows.length === 0) throw new NotFound('This person does not sit in the group')
  return rows.map(({ org_id, seat_id, moderator }) => ({ org: org_id, seat: seat_id, moderator }))
}

/**
 * The last moderator may not vanish by a moderator's hand; coordinators may, as they can name another. `orgs` are those for which the
 * seats are to end. Throws WrongState.
 */
export async function keepModerator(
  tx: Tx,
  { group, person, orgs }: { group: Group; person: number; orgs: number[] },
  by: Actor,
): Promise<void> {
  if (isCoordinator(by)) return
  const { rows } = await tx.query<{ goes: boolean | null; stays: boolean | null }>(
    `select bool_or(person_id = $2 and org_id = any ($3)) as goes, bool_or(not (person_id = $2 and org_id = any ($3))) as stays
     from group_roster($1) where moderator`,
    [group.id, person, orgs],
  )
  if (rows[0]?.goes && !rows[0].stays)
    throw new WrongState('The last moderator cannot go: appoint another first')
}

/** Ends the person's appointments for these organisations. */
export const endModeration = (
  tx: Tx,
  { group, person, orgs }: { group: Group; person: number; orgs: number[] },
  now: number,
): Promise<unknown> =>
  tx.query(
    'update group_moderators set ended_at = $4 where group_id = $1 and person_id = $2 and org_id = any ($3) and ended_at is null',
    [group.id, person, orgs, iso(now)],
  )
