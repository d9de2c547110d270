/** Inviting somebody to act for an organisation: a link by mail, good once and for a week. */
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { seal } from '../../platform/seal.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { readEmail } from './import/values.ts'
import { engage, manages, note, requireGivable, requireManager } from './managing.ts'
import type { MemberRole } from './may.ts'
import { requireStrength, setPassword } from './people.ts'

const validMs = 7 * 86_400_000
/** More open ones than this are a mistake or a flood. */
const mostOpen = 50

export interface Invitation {
  id: number
  name: string
  email: string
  role: MemberRole
  invitedBy: string | null
  /** Milliseconds since 1970. */
  createdAt: number
  expiresAt: number
}

export interface NewInvitation {
  org: number
  email: string
  name: string
  role: MemberRole
  language: 'cs' | 'en'
}

/**
 * Mails an invitation; an older open one of the same person to the same role ends. Throws `Invalid` with the field, `Forbidden`,
 * `NotFound`, `WrongState` (has the role already, or was disabled).
 */
export const invite = (context: Context, wanted: NewInvitation, by: Actor, now: number): Promise<void> =>
  asEngine(context.db, (tx) => inviteWithin(context, tx, wanted, by, now))

/** The same inside a transaction of the program that decides something else besides. */
export async function inviteWithin(
  context: Context,
  tx: Tx,
  wanted: NewInvitation,
  by: Actor,
  now: number,
): Promise<void> {
  const email = readEmail(wanted.email.trim())
  if (!email.ok || email.value.length > 254) throw new Invalid('No address', { email: 'email' })
  const name = wanted.name.trim()
  if (name === '' || name.length > 100) throw new Invalid('No name', { name: 'name' })
  const token = newToken()
  await requireManager(tx, by, wanted.org, now)
  requireGivable(by, wanted.org, [wanted.role])
  const person = await personOf(tx, { ...wanted, email: email.value, name }, now)
  await requireRoom(tx, wanted, person, now)
  const { rows } = await tx.query<{ id: number }>(
    `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [wanted.org, person, name, wanted.role, hashToken(token), by.person, at(now), at(now + validMs)],
  )
  await mail(
    context,
    tx,
    { ...wanted, id: rows[0]?.id as number, person, email: email.value, token, by },
    now,
  )
  await note(tx, 'members.invite', { org: wanted.org, person }, { role: wanted.role }, by, now)
}

const at = (ms: number): string => new Date(ms).toISOString()

async function personOf(tx: Tx, wanted: NewInvitation, now: number): Promise<number> {
  await tx.query(
    `insert into people (email, name, language, created_at, readers) values ($1, $2, $3, $4, '{2}') on conflict (lower(email)) do nothing`,
    [wanted.email, wanted.name, wanted.language, at(now)],
  )
  const { rows } = await tx.query<{ id: number; disabled: boolean }>(
    'select id, disabled_at is not null as disabled from people where lower(email) = lower($1)',
    [wanted.email],
  )
  const [found] = rows
  if (!found || found.disabled)
    throw new WrongState('Whoever has this address was disabled by the coordinators')
  return found.id
}

async function requireRoom(tx: Tx, { org, role }: NewInvitation, person: number, now: number): Promise<void> {
  const { rowCount: held } = await tx.query(
    'select 1 from engagements where org_id = $1 and person_id = $2 and role = $3 and valid_to > $4',
    [org, person, role, at(now)],
  )
  if (held) throw new WrongState('This person has this role already')
  await tx.query(
    `update invitations set ended_at = $4, outcome = 'replaced' where org_id = $1 and person_id = $2 and role = $3 and ended_at is null`,
    [org, person, role, at(now)],
  )
  const { rows } = await tx.query<{ n: number }>(
    'select count(*) as n from invitations where org_id = $1 and ended_at is null and expires_at > $2',
    [org, at(now)],
  )
  if ((rows[0]?.n ?? 0) >= mostOpen)
    throw new WrongState(`There are ${mostOpen} open invitations: withdraw some first`)
}

interface Sent extends NewInvitation {
  id: number
  person: number
  token: string
  by: Actor
}

async function mail(context: Context, tx: Tx, sent: Sent, now: number): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
    sent.org,
  ])
  await tx.query('select queue_account_mail($1, $2, $3, $4, $5)', [
    `invitation:${sent.id}`,
    sent.person,
    sent.email,
    {
      template: 'invitation',
      sealed: seal(context.settings.secret, sent.token),
      until: at(now + validMs),
      organisation: rows[0]?.name,
      role: sent.role,
      by: sent.by.name,
    },
    at(now),
  ])
}

/** The open invitations of an organisation, newest first; as the actor of the transaction. */
export async function openInvitations(tx: Queryable, org: number, now: number): Promise<Invitation[]> {
  const { rows } = await tx.query<Invitation & Record<string, unknown>>(
    `select i.id, i.org_id, i.name, invited_address(i.id) as email, i.role, b.name as "invitedBy",
       (extract(epoch from i.created_at) * 1000)::float8 as "createdAt", (extract(epoch from i.expires_at) * 1000)::float8 as "expiresAt"
     from invitations i left join people b on b.id = i.invited_by
     where i.org_id = $1 and i.ended_at is null and i.expires_at > $2 order by i.created_at desc, i.id desc limit ${mostOpen}`,
    [org, at(now)],
  )
  return rows
}

/** Takes an open invitation back. Throws `WrongState` when it was used, or is over. */
export async function withdraw(
  tx: Tx,
  { org, invitation }: { org: number; invitation: number },
  by: Actor,
  now: number,
): Promise<void> {
  await requireManager(tx, by, org, now)
  const { rows } = await tx.query<{ person_id: number }>(
    `update invitations set ended_at = $3, outcome = 'withdrawn' where id = $2 and org_id = $1 and ended_at is null returning person_id`,
    [org, invitation, at(now)],
  )
  if (!rows[0]) throw new WrongState('This invitation was used or withdrawn before')
  await note(tx, 'members.withdraw-invitation', { org, person: rows[0].person_id }, {}, by, now)
}

/** What an invitation's link says to whoever opens it. */
export interface Offer {
  id: number
  org: number
  organisation: string
  role: MemberRole
  name: string
  email: string
  person: number
  invitedBy: string
  /** The person has a password, a passkey or a provider, so acceptance needs the sign-in. */
  known: boolean
}

const offerSql = `select i.id, i.org_id as org, o.name as organisation, i.role, i.name, p.email, p.id as person, b.name as "invitedBy",
    p.password_hash is not null or exists (select 1 from passkeys k where k.person_id = p.id)
      or exists (select 1 from provider_links l where l.person_id = p.id and l.ended_at is null) as known, i.invited_by as inviter
  from invitations i join people p on p.id = i.person_id join people b on b.id = i.invited_by join organisations o on o.id = i.org_id
  where i.token_hash = $1 and i.ended_at is null and i.expires_at > $2 and p.disabled_at is null and b.disabled_at is null and o.status <> 'left'`

async function find(
  tx: Tx,
  token: string,
  now: number,
  lock = '',
): Promise<(Offer & { inviter: number }) | null> {
  const { rows } = await tx.query<Offer & { inviter: number } & Record<string, unknown>>(
    `${offerSql} ${lock}`,
    [hashToken(token), at(now)],
  )
  return rows[0] ?? null
}

/** What the link offers, or null when it was used, is over, or never was; looking changes nothing. */
export const offerOf = (context: Context, token: string, now: number): Promise<Offer | null> =>
  asEngine(context.db, (tx) => find(tx, token, now))

const over = 'This invitation was used, withdrawn, or its week is over'

/**
 * Accepts: somebody new chooses a password, somebody known has to be signed in as the very person invited. Throws `WrongState`
 * when the link does not work (any more), `Forbidden` to anybody else, `Invalid` when the password is too weak.
 */
export async function accept(
  context: Context,
  token: string,
  given: { actor: Actor | null; password: string | null },
  now: number,
): Promise<Offer> {
  return asEngine(context.db, async (tx) => {
    const offer = await find(tx, token, now, 'for update of i')
    if (!offer) throw new WrongState(over)
    const inviter = await actorOf(tx, offer.inviter, now)
    // Who may no longer invite has not invited.
    if (!(await manages(tx, inviter, offer.org, now))) throw new WrongState(over)
    if (offer.known || given.actor) {
      if (given.actor?.person !== offer.person)
        throw new Forbidden('This invitation is for somebody else: sign in with the address it was sent to')
    } else {
      requireStrength(given.password ?? '', offer.email)
      await tx.query('update people set name = $2 where id = $1', [offer.person, offer.name])
      await setPassword(tx, offer.person, given.password ?? '', { person: offer.person }, now)
    }
    await tx.query(`update invitations set ended_at = $2, outcome = 'accepted' where id = $1`, [
      offer.id,
      at(now),
    ])
    await engage(tx, offer, now)
    await tx.query('select people_set_readers($1)', [offer.person])
    const self = { ...inviter, person: offer.person, name: offer.name, email: offer.email }
    await note(
      tx,
      'members.accept-invitation',
      offer,
      { role: offer.role, invitedBy: inviter.email },
      self,
      now,
    )
    return offer
  })
}

/** A person with the engagements of this moment, for asking what they may. */
async function actorOf(tx: Tx, person: number, now: number): Promise<Actor> {
  const { rows } = await tx.query<Actor & Record<string, unknown>>(
    `select p.id as person, p.name, p.email, p.language, coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', null, 'role', e.role))
       from engagements e where e.person_id = p.id and e.valid_from <= $2 and e.valid_to > $2), '[]') as engagements
     from people p where p.id = $1`,
    [person, at(now)],
  )
  const [found] = rows
  if (!found) throw new NotFound('There is no such person')
  return found
}
