/** People and what they are at whose organisation: adding, passwords, ending. */
import type { Actor, Role } from '../../platform/access.ts'
import { record, type Self } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { hashPassword, longest, shortest, type Weakness, weaknessOf } from '../../platform/passwords.ts'
import { endAll } from '../../platform/sessions.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../values/scopes.ts'
import { endContactsOf } from './contacts/leaving.ts'
import { readEmail } from './import/values.ts'
import { organisationNamed } from './named.ts'

export interface NewPerson {
  email: string
  /** Where missing, the part of the address before the @. */
  name?: string | null
  role: Role
  /** Name of the organisation; null for coordinators and operators. */
  member: string | null
  /** Null: the person chooses one by the link of "forgotten password". */
  password?: string | null
  language?: 'cs' | 'en'
}

/** Sentences for the terminal; pages have them in `locales/` as `members.password.<weakness>`. */
const weaknesses = {
  short: `The password is too short: choose at least ${shortest} characters, for example four words.`,
  long: `The password is too long: at most ${longest} characters.`,
  email: 'The password is the e-mail address or its beginning: choose something else.',
  common: 'The password is one of those that are guessed first: choose something else.',
} satisfies Record<Weakness, string>

/** Throws Invalid, with the weakness as the field's word, unless the password can be chosen. */
export function requireStrength(password: string, email: string): void {
  const weakness = weaknessOf(password, email)
  if (weakness) throw new Invalid(weaknesses[weakness], { password: weakness })
}

/**
 * Adds a person, or one more role to a person known by the address; a role already held is left as it is. A password,
 * where given, becomes the person's. Throws Invalid, NotFound (no such member), WrongState (the person was disabled).
 */
export async function addPerson(
  tx: Tx,
  wanted: NewPerson,
  by: Actor | null,
  now: number,
): Promise<{ id: number; created: boolean }> {
  const email = readEmail(wanted.email.trim())
  if (!email.ok || email.value.length > 254)
    throw new Invalid('That is not an e-mail address.', { email: 'email' })
  const org = await organisationOf(tx, wanted)
  if (wanted.password) requireStrength(wanted.password, email.value)
  const person = await ensurePerson(tx, email.value, wanted, now)
  await engage(tx, person.id, org, wanted.role, now)
  await tx.query('select people_set_readers($1)', [person.id])
  await record(tx, {
    at: now,
    actor: by,
    verb: 'members.add-person',
    object: `person ${person.id}`,
    org,
    detail: { email: email.value, role: wanted.role, created: person.created },
    readers: [COORDINATORS, personScope(person.id), ...(org === null ? [] : [readersOfOrg(org)])],
  })
  if (wanted.password) await setPassword(tx, person.id, wanted.password, by, now)
  return person
}

async function organisationOf(tx: Tx, { role, member }: NewPerson): Promise<number | null> {
  const isCentral = role === 'coordinator' || role === 'operator'
  if (isCentral && member)
    throw new Invalid(`A ${role} belongs to no member: leave the member out.`, { member: 'member' })
  if (isCentral) return null
  if (!member) throw new Invalid(`A ${role} belongs to a member: name it.`, { member: 'member' })
  const found = await organisationNamed(tx, member)
  if (found === 'none') throw new NotFound(`There is no member named "${member}".`)
  if (found === 'several')
    throw new Invalid(`Several members are found by "${member}": write the present name.`, {
      member: 'member',
    })
  return found.id
}

async function ensurePerson(
  tx: Tx,
  email: string,
  { name, language }: NewPerson,
  now: number,
): Promise<{ id: number; created: boolean }> {
  const made = await tx.query<{ id: number }>(
    `insert into people (email, name, language, created_at) values ($1, $2, $3, $4)
     on conflict (lower(email)) do nothing returning id`,
    [email, name?.trim() || email.split('@')[0], language ?? 'cs', new Date(now).toISOString()],
  )
  if (made.rows[0]) return { id: made.rows[0].id, created: true }
  const { rows } = await tx.query<{ id: number; disabled: boolean }>(
    'select id, disabled_at is not null as disabled from people where lower(email) = lower($1)',
    [email],
  )
  const [known] = rows
  if (!known) throw new NotFound('The person was removed meanwhile.')
  if (known.disabled)
    throw new WrongState('This person was disabled; somebody else must use another address.')
  return { id: known.id, created: false }
}

async function engage(tx: Tx, person: number, org: number | null, role: Role, now: number): Promise<void> {
  await tx.query(
    `insert into engagements (person_id, org_id, role, valid_from) select $1, $2, $3, $4
     where not exists (select 1 from engagements where person_id = $1 and org_id is not distinct from $2 and role = $3 and valid_to = 'infinity')`,
    [person, org, role, new Date(now).toISOString()],
  )
}

/** Sets a new password and ends every session of the person. Throws Invalid when it is too weak, NotFound. */
export async function setPassword(
  tx: Tx,
  person: number,
  password: string,
  by: Actor | Self | null,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ email: string }>('select email from people where id = $1', [person])
  if (!rows[0]) throw new NotFound('There is no such person.')
  requireStrength(password, rows[0].email)
  await tx.query('update people set password_hash = $2 where id = $1', [person, await hashPassword(password)])
  await endAll(tx, person)
  await trail(tx, 'members.set-password', person, {}, by, now)
}

/** Takes all access from a person at once. Throws NotFound, also when that was done before. */
export async function disable(tx: Tx, person: number, by: Actor | null, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    'update people set disabled_at = $2 where id = $1 and disabled_at is null',
    [person, new Date(now).toISOString()],
  )
  if (!rowCount) throw new NotFound('There is no such person with access.')
  await endAll(tx, person)
  await tx.query('delete from password_resets where person_id = $1', [person])
  await endContactsOf(tx, person, by, now)
  await trail(tx, 'members.disable', person, {}, by, now)
}

/** Ends one role of a person at once; `org` null for coordinators and operators. Throws NotFound when it is not held. */
export async function endEngagement(
  tx: Tx,
  engagement: { person: number; org: number | null; role: Role },
  by: Actor | null,
  now: number,
): Promise<void> {
  const { person, org, role } = engagement
  const { rowCount } = await tx.query(
    `update engagements set valid_to = greatest(valid_from, $4::timestamptz)
     where person_id = $1 and org_id is not distinct from $2 and role = $3 and valid_to > $4::timestamptz`,
    [person, org, role, new Date(now).toISOString()],
  )
  if (!rowCount) throw new NotFound('The person does not have this role.')
  await tx.query('select people_set_readers($1)', [person])
  await endContactsOf(tx, person, by, now)
  await trail(tx, 'members.end-role', person, { org, role }, by, now)
}

async function trail(
  tx: Tx,
  verb: string,
  person: number,
  detail: object,
  by: Actor | Self | null,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${person}`,
    detail,
    readers: [COORDINATORS, personScope(person)],
  })
}
