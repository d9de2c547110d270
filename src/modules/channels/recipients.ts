/** Who gets a message, and as whom it is later written. */
import type { Actor, Role } from '../../platform/access.ts'
import { kept, type Queryable, type Tx } from '../../platform/database.ts'
import { gathered } from '../../platform/gathered.ts'
import { memberRoles } from '../members/index.ts'
import type { Notice } from './notice.ts'

/** As what somebody is written to: it decides the words, and the roles with which the mail is rendered. */
export type As = 'member' | 'contact' | 'coordinator' | 'coordinator-instead' | 'visitor'

export interface Recipient {
  /** Null: the contact address of an organisation. */
  person: number | null
  address: string
  as: As
  /** False when the reader wants ordinary single mails in the digest. */
  singles: boolean
  /** What went to the address came back, and so did a trial: it is not used until it works again. */
  lost: boolean
}

export interface Audience {
  /** The organisation, or 0 for the coordinators. */
  unit: number
  people: Recipient[]
}

/** Who is told of a high or critical warning at once. Source: the acknowledgement board's first step. */
const securityRoles: Role[] = ['duty', 'admin']
/** Who is told where there is neither, in this order, before the contact address. */
const insteadOf: Role[][] = [['security_manager'], ['representative']]
const high = 3

type Whom = Pick<Notice, 'org' | 'to' | 'severity' | 'now'>

/** The people of a notice; where nobody is on duty the next responsible, then the contact address, at last the coordinators. */
export async function recipientsOf(tx: Tx, whom: Whom): Promise<Audience> {
  const { org, to, now } = whom
  if (org === null || to === 'coordinators') return coordinators(tx, 'coordinator', now)
  if (to !== 'security' && to !== 'own')
    return { unit: org, people: await withRoles(tx, org, to, 'member', now) }
  // Those whose address is lost are kept along, so that the log says why they got nothing.
  const lost: Recipient[] = []
  for (const roles of [securityRoles, ...insteadOf]) {
    const people = await withRoles(tx, org, roles, 'member', now)
    if (people.some((one) => !one.lost)) return { unit: org, people: [...lost, ...people] }
    lost.push(...people)
  }
  const contact = await contactOf(tx, org)
  if (contact.some((one) => !one.lost)) return { unit: org, people: [...lost, ...contact] }
  if (whom.severity < high || to === 'own') return { unit: org, people: [...lost, ...contact] }
  const instead = await coordinators(tx, 'coordinator-instead', now)
  return { unit: 0, people: [...lost, ...contact, ...instead.people] }
}

/** People by their numbers, with their addresses; who acts there no more is left out. */
export async function peopleNamed(
  tx: Tx,
  whom: { people: number[]; org: number | null; as: 'member' | 'coordinator'; now: number },
): Promise<Recipient[]> {
  const { people, org, as, now } = whom
  const all =
    as === 'member'
      ? await withRoles(tx, org, [...memberRoles], as, now)
      : await withRoles(tx, null, ['coordinator'], as, now)
  return all.filter(({ person }) => person !== null && people.includes(person))
}

/** The last to be told: where none of their addresses seems to work, all are used all the same. */
async function coordinators(tx: Tx, as: As, now: number): Promise<Audience> {
  const people = await withRoles(tx, null, ['coordinator'], as, now)
  const allLost = people.every((one) => one.lost)
  return { unit: 0, people: allLost ? people.map((one) => ({ ...one, lost: false })) : people }
}

async function withRoles(
  tx: Tx,
  org: number | null,
  roles: Role[],
  as: As,
  now: number,
): Promise<Recipient[]> {
  const { rows } = await tx.query<Omit<Recipient, 'as'> & Record<string, unknown>>(
    `select p.id as person, p.email as address, coalesce(c.singles, true) as singles, s.suspended_at is not null as lost
     from people p left join mail_choices c on c.address_key = address_key(p.email)
       left join mail_standings s on s.address_key = address_key(p.email)
     -- The people of an organisation that left have no access: what is written to them would reach nobody.
     where p.disabled_at is null and not exists (select 1 from organisations o where o.id = organisation_now($1) and o.status = 'left') and exists (
       select 1 from engagements e where e.person_id = p.id and e.org_id is not distinct from organisation_now($1) and e.role = any ($2)
         and e.valid_from <= to_timestamp($3 / 1000.0) and e.valid_to > to_timestamp($3 / 1000.0))
     order by p.id`,
    [org, roles, now],
  )
  return rows.map((row) => ({ ...row, as }))
}

async function contactOf(tx: Tx, org: number): Promise<Recipient[]> {
  const { rows } = await tx.query<Pick<Recipient, 'address' | 'singles' | 'lost'> & Record<string, unknown>>(
    `select o.contact_email as address, coalesce(c.singles, true) as singles, s.suspended_at is not null as lost
     from organisations o left join mail_choices c on c.address_key = address_key(o.contact_email)
       left join mail_standings s on s.address_key = address_key(o.contact_email)
     where o.id = organisation_now($1) and o.contact_email <> '' and o.status <> 'left'`,
    [org],
  )
  return rows.map((row) => ({ ...row, person: null, as: 'contact' as const }))
}

/** What the writing of one mail needs to know of its reader. */
export interface Reader {
  actor: Actor
  as: As
  /** Roles at the organisation of the message; empty for its contact address. */
  roles: Role[]
  /** The mail goes encrypted to this one person's own key, so it may hold what is kept from mails otherwise (sharing.md 6). */
  encrypted?: true
}

export interface Addressed {
  person: number | null
  org: number | null
  as: As
  /** Of a visitor, of whom nothing else is known. */
  language?: 'cs' | 'en'
}

/** Somebody who is nobody here yet: reads what everybody may, in the language of the form that was sent. */
const visitor = (language: 'cs' | 'en'): Reader => ({
  actor: { person: 0, name: '', email: '', language, engagements: [] },
  as: 'visitor',
  roles: [],
})

/**
 * The reader of a queued message with the rights of this moment, or null when the person has gone. A message about one
 * organisation is read with the roles there and no others: a mail to Jihlava is written as Jihlava.
 */
export async function readerOf(db: Queryable, to: Addressed, now: number): Promise<Reader | null> {
  if (to.as === 'visitor') return visitor(to.language ?? 'cs')
  if (to.person === null) return to.org === null ? null : contactReader(db, to.org)
  const person = await personOf(db, { id: to.person, now })
  if (!person) return null
  const inRole = (e: { org: number | null; role: Role }): boolean =>
    to.as === 'member' ? to.org === null || e.org === to.org : e.role === 'coordinator'
  const engagements = person.engagements.filter(inRole)
  return { actor: { ...person, engagements }, as: to.as, roles: engagements.map((e) => e.role) }
}

interface PersonRow {
  /** Which of those that were asked for, from 1. */
  n: number
  person: number
  email: string
  name: string
  language: 'cs' | 'en'
  engagements: Actor['engagements']
}

const personOf = gathered(async (db, asked: { id: number; now: number }[]): Promise<(Actor | null)[]> => {
  const { rows } = await db.query<PersonRow>(
    kept(`select w.n::int as n, p.id as person, p.email, p.name, p.language,
       coalesce((select jsonb_agg(jsonb_build_object('org', r.org_id, 'orgName', r.org_name, 'role', r.role, 'through', r.through)
           order by r.org_name, r.role) from roles_of_person(p.id, to_timestamp(w.at / 1000.0)) r), '[]') as engagements
     from unnest($1::int[], $2::float8[]) with ordinality w (id, at, n) join people p on p.id = w.id and p.disabled_at is null`),
    [asked.map(({ id }) => id), asked.map(({ now }) => now)],
  )
  const found = new Map(rows.map(({ n, ...actor }) => [n, actor]))
  return asked.map((_, i) => found.get(i + 1) ?? null)
})

/** A contact address belongs to no person: it reads as its organisation does and can answer nothing. */
async function contactReader(db: Queryable, org: number): Promise<Reader | null> {
  const { rows } = await db.query<{ name: string; contact_email: string | null; language: 'cs' | 'en' }>(
    `select name, contact_email, language from organisations where id = organisation_now($1) and status <> 'left'`,
    [org],
  )
  const row = rows[0]
  if (!row) return null
  const actor: Actor = {
    person: 0,
    name: row.name,
    email: row.contact_email ?? '',
    language: row.language,
    engagements: [{ org, orgName: row.name, role: 'duty' }],
  }
  return { actor, as: 'contact', roles: [] }
}
