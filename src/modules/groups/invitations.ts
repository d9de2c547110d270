/** Inviting by mail address: whether anybody signs in with it shows only when they answer. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { endOf, reasonIn } from './days.ts'
import { inTurn, note } from './groups.ts'
import { iso, isSeated, led, makeRoom, tell } from './seats.ts'

/** An invitation is good for so long, and never longer than the seat that comes of it. */
const goodForMs = 30 * 86_400_000

/** Throws NotFound, Forbidden (does not lead the group), Invalid (no address, no reason, a day too far, invited already). */
export async function invite(
  tx: Tx,
  wanted: { slug: string; address: string; reason: string; until: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, wanted.slug)
  const address = wanted.address.trim()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || address.length > 254)
    throw new Invalid('This is no mail address.', { address: 'address' })
  const reason = reasonIn(wanted.reason)
  const until = endOf(wanted.until, now)
  await tx.query(
    `update group_invitations set ended_at = expires_at, outcome = 'withdrawn'
     where group_id = $1 and lower(address) = lower($2) and ended_at is null and expires_at <= $3`,
    [group.id, address, iso(now)],
  )
  const { rowCount } = await tx.query(
    `insert into group_invitations (group_id, address, reason, seat_until, invited_by, invited_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, least($4::timestamptz, $7::timestamptz))
     on conflict (group_id, lower(address)) where ended_at is null do nothing`,
    [group.id, address, reason, until, by.person, iso(now), iso(now + goodForMs)],
  )
  if (!rowCount) throw new Invalid('This address is invited already.', { address: 'invited' })
  await note(tx, 'groups.invite', { group, detail: { address, reason, until } }, by, now)
  await tell(tx, 'invited', { group, address })
}

/** Throws NotFound, Forbidden, WrongState (answered or taken back). */
export async function withdrawInvitation(
  tx: Tx,
  { slug, invitation }: { slug: string; invitation: number },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await led(tx, slug)
  const { rows } = await tx.query<{ address: string; open: boolean }>(
    'select address, ended_at is null as open from group_invitations where id = $1 and group_id = $2',
    [invitation, group.id],
  )
  if (!rows[0]) throw new NotFound('There is no such invitation')
  if (!rows[0].open) throw new WrongState('This invitation was answered or taken back')
  await end(tx, invitation, 'withdrawn', now)
  await note(tx, 'groups.withdraw-invitation', { group, detail: { address: rows[0].address } }, by, now)
}

const end = (tx: Tx, id: number, outcome: string, now: number): Promise<unknown> =>
  tx.query('update group_invitations set ended_at = $2, outcome = $3 where id = $1', [id, iso(now), outcome])

/** Number of the open invitation to the actor's own address. Throws NotFound. */
async function ownInvitation(tx: Tx, group: number, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `select id from group_invitations
     where group_id = $1 and lower(address) = actor_address() and ended_at is null and expires_at > $2`,
    [group, iso(now)],
  )
  if (!rows[0]) throw new NotFound('There is no such invitation')
  return rows[0].id
}

/** Takes the seat one was invited to, for an organisation one acts for. Throws NotFound, Forbidden (acts not for it), WrongState (sits there). */
export async function acceptInvitation(
  tx: Tx,
  { slug, org }: { slug: string; org: number },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await inTurn(tx, slug)
  const invitation = await ownInvitation(tx, group.id, now)
  const place = { group, person: by.person, org }
  const { rows } = await tx.query<{ acts: boolean }>('select acts_for($1, $2) as acts', [by.person, org])
  if (!rows[0]?.acts) throw new Forbidden('A seat is held for an organisation that one acts for')
  if (await isSeated(tx, place)) throw new WrongState('The seat is held already')
  await makeRoom(tx, place, now)
  await tx.query(
    `insert into seats (group_id, person_id, org_id, way, state, reason, invitation_id, given_by, since, ends_at)
     select $1, $2, $3, 'invited', 'held', i.reason, i.id, $2, $4, i.seat_until from group_invitations i where i.id = $5`,
    [group.id, by.person, org, iso(now), invitation],
  )
  await end(tx, invitation, 'accepted', now)
  await note(tx, 'groups.accept-invitation', place, by, now)
}

/** Throws NotFound. */
export async function declineInvitation(
  tx: Tx,
  { slug }: { slug: string },
  by: Actor,
  now: number,
): Promise<void> {
  const group = await inTurn(tx, slug)
  await end(tx, await ownInvitation(tx, group.id, now), 'declined', now)
  await note(tx, 'groups.decline-invitation', { group, person: by.person }, by, now)
}
