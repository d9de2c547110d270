/** Whom a provider's word lets in: a person linked with it, or somebody new where the operator allows that. */
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import type { Provider } from '../../../platform/providers.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../../values/scopes.ts'
import { readEmail } from '../import/values.ts'
import type { Doubt } from '../ways.ts'
import type { Said } from './claims.ts'
import { give, type Link, takeGone } from './roles.ts'
import { type Held, type Reach, reachesFurther, reachOf, rolesBy } from './vouched.ts'

export type Settled =
  | { ok: true; link: Link; reach: Reach }
  /** `person` is whom it was about, for the trail alone. */
  | { ok: false; person: number | null; doubt: Doubt }

/**
 * Brings the roles of a linked person up to date, or makes somebody new. An e-mail alone never finds anybody: whoever runs a
 * provider could write any.
 */
export async function settle(tx: Tx, provider: Provider, said: Said, now: number): Promise<Settled> {
  const reach = await reachOf(tx, provider)
  const link = await linkOf(tx, provider, said)
  if (said.groups === null && mapsGroups(provider))
    return { ok: false, person: link?.person ?? null, doubt: 'groups' }
  const wanted = rolesBy(reach, said.groups ?? [])
  if (!link) return welcome(tx, provider, { reach, said, wanted }, now)
  await takeGone(tx, link, wanted, now)
  if (await reachesFurther(tx, reach, link.person, now))
    return { ok: false, person: link.person, doubt: 'beyond' }
  await give(tx, link, wanted, now)
  await tx.query('update provider_links set used_at = $2, email = $3, provider = $4 where id = $1', [
    link.id,
    new Date(now).toISOString(),
    said.email,
    provider.id,
  ])
  return { ok: true, link, reach }
}

const mapsGroups = ({ organisations, central }: Provider): boolean =>
  [...organisations.map(({ roles }) => roles), central ?? {}].some((table) => Object.keys(table).length > 0)

/** Locked, so that two sign-ins of one person do not both give and take. */
async function linkOf(tx: Tx, provider: Provider, { issuer, subject }: Said): Promise<Link | null> {
  const { rows } = await tx.query<{ id: number; person: number }>(
    `select id, person_id as person from provider_links
     where issuer = $1 and subject = $2 and ended_at is null for update`,
    [issuer, subject],
  )
  return rows[0] ? { ...rows[0], provider: provider.id } : null
}

interface Stranger {
  reach: Reach
  said: Said
  wanted: Held[]
}

/** Nobody is linked with this subject. */
async function welcome(tx: Tx, provider: Provider, who: Stranger, now: number): Promise<Settled> {
  const { said, wanted } = who
  const email = readEmail(said.email ?? '')
  if (!email.ok) return { ok: false, person: null, doubt: 'unlinked' }
  const known = await bearerOf(tx, email.value, said.issuer)
  if (known) return { ok: false, person: known.id, doubt: known.linked ? 'other-subject' : 'unlinked' }
  const home = said.isVerified ? await homeOf(tx, who, email.value, now) : null
  const person = home === null ? null : await make(tx, email.value, said.name, home, now)
  if (home === null || person === null) return { ok: false, person: null, doubt: 'unlinked' }
  await record(tx, {
    at: now,
    actor: { person },
    verb: 'members.add-person',
    object: `person ${person}`,
    org: home,
    detail: { email: email.value, created: true, provider: provider.id },
    readers: [COORDINATORS, personScope(person), readersOfOrg(home)],
  })
  const link = { id: await keepLink(tx, provider, said, person, now), person, provider: provider.id }
  await give(tx, link, wanted, now)
  return { ok: true, link, reach: who.reach }
}

/** Who has this e-mail here, and whether the same issuer knows them as another subject. */
async function bearerOf(
  tx: Tx,
  email: string,
  issuer: string,
): Promise<{ id: number; linked: boolean } | undefined> {
  const { rows } = await tx.query<{ id: number; linked: boolean }>(
    `select p.id, exists (select 1 from provider_links l
       where l.person_id = p.id and l.issuer = $2 and l.ended_at is null) as linked
     from people p where lower(p.email) = lower($1)`,
    [email, issuer],
  )
  return rows[0]
}

/** The organisation that takes in new people of this provider, holds the e-mail's domain, and gives the person a role. */
async function homeOf(
  tx: Tx,
  { reach, wanted }: Stranger,
  email: string,
  now: number,
): Promise<number | null> {
  const open = [...reach.orgs].filter(
    ([org, { newPeople }]) => newPeople && wanted.some((held) => held.org === org),
  )
  const { rows } = await tx.query<{ org: number }>(
    `select org_id as org from domains
     where org_id = any ($1) and lower(domain) = lower($2) and valid_from <= $3 and valid_to > $3 order by org_id limit 1`,
    [open.map(([org]) => org), email.slice(email.lastIndexOf('@') + 1), new Date(now).toISOString()],
  )
  return rows[0]?.org ?? null
}

/** Null when somebody else came with the same e-mail at the same moment. */
async function make(
  tx: Tx,
  email: string,
  name: string | null,
  org: number,
  now: number,
): Promise<number | null> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into people (email, name, language, created_at) select $1, $2, language, $4 from organisations where id = $3
     on conflict (lower(email)) do nothing returning id`,
    [email, name ?? email.split('@')[0], org, new Date(now).toISOString()],
  )
  return rows[0]?.id ?? null
}

/** Throws WrongState when either side was linked at this very moment. */
export async function keepLink(
  tx: Tx,
  provider: Provider,
  { issuer, subject, email }: Pick<Said, 'issuer' | 'subject' | 'email'>,
  person: number,
  now: number,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into provider_links (person_id, provider, issuer, subject, email, linked_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
    [person, provider.id, issuer, subject, email, new Date(now).toISOString()],
  )
  if (!rows[0]) throw new WrongState('This account was linked at this very moment: begin again.')
  return rows[0].id
}
