/** Who acts, and the only way to the database for anything that a person or a client asked for. */
import {
  ANY_MEMBER,
  ANY_MEMBER_KEY,
  ANY_MEMBER_STRICT_KEY,
  COORDINATORS,
  keyOfGroup,
  keyOfOrg,
  OPERATORS,
  PUBLIC,
  person as personScope,
  readersOfOrg,
  SECTOR_READERS,
  strictKeyOfOrg,
} from '../values/scopes.ts'
import { type Database, kept, reading, type Tx, together, transaction } from './database.ts'

export const roles = [
  'coordinator',
  'operator',
  'representative',
  'security_manager',
  'admin',
  'duty',
  'dpo',
  'manager',
] as const
export type Role = (typeof roles)[number]

/** One role, at one organisation (null for coordinator and operator). */
export interface Engagement {
  org: number | null
  orgName: string | null
  role: Role
  /** Set where `org` was merged into another: that one, at which the role is held. */
  through?: number | null
}

export interface Actor {
  person: number
  name: string
  email: string
  language: 'cs' | 'en'
  engagements: Engagement[]
  /** A machine that may read what may be told of the whole sector's events. */
  readsSector?: boolean
  /** Where set: gathers the organisations, other than the actor's own, of which rows were read. */
  saw?: Set<number>
  /** A program with an API key: it reads what keys of its organisation may, and has no person behind it. */
  key?: {
    id: number
    strict: boolean
    /** Of a group's: it reads what its group was sent, and what is public. */
    group?: number
  }
}

export const isCoordinator = (actor: Actor): boolean =>
  actor.engagements.some((e) => e.role === 'coordinator')
export const isOperator = (actor: Actor): boolean => actor.engagements.some((e) => e.role === 'operator')

/** The organisations in which the actor has any reading role, by name; not those that were merged into them. */
export function organisationsOf(actor: Actor): { id: number; name: string }[] {
  const found = new Map<number, string>()
  for (const e of actor.engagements)
    if (e.org !== null && e.through == null) found.set(e.org, e.orgName ?? '')
  return [...found].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, 'cs'))
}

/** Those whose rows the actor reads: the own ones and what was merged into them. */
export const organisationsRead = (actor: Actor): number[] => [
  ...new Set(actor.engagements.flatMap((e) => (e.org === null ? [] : [e.org]))),
]

/** The actor's roles at one organisation. */
export const rolesAt = (actor: Actor, org: number): Role[] =>
  actor.engagements.filter((e) => e.org === org).map((e) => e.role)

/** A key is no reader of its organisation: what TLP or the audience keep from keys stays away from it. */
function scopesOfKey(actor: Actor, { strict, group }: NonNullable<Actor['key']>): number[] {
  if (group !== undefined) return [PUBLIC, keyOfGroup(group)]
  const orgs = organisationsRead(actor)
  const [ofAny, ofOrg] = strict ? [ANY_MEMBER_STRICT_KEY, strictKeyOfOrg] : [ANY_MEMBER_KEY, keyOfOrg]
  return [
    PUBLIC,
    ...(isCoordinator(actor) ? [COORDINATORS] : []),
    ...(orgs.length > 0 ? [ofAny] : []),
    ...orgs.map(ofOrg),
  ]
}

/** What an actor claims; whether its organisations are members is looked up in each transaction. */
export function scopesOf(actor: Actor): number[] {
  if (actor.key) return scopesOfKey(actor, actor.key)
  const orgs = organisationsRead(actor)
  return [
    PUBLIC,
    personScope(actor.person),
    ...(isCoordinator(actor) ? [COORDINATORS] : []),
    ...(isOperator(actor) ? [OPERATORS] : []),
    ...(orgs.length > 0 ? [ANY_MEMBER] : []),
    ...orgs.map(readersOfOrg),
    ...(actor.readsSector ? [SECTOR_READERS] : []),
  ]
}

const braces = (numbers: number[]): string => `{${numbers.join(',')}}`

/** How long one statement of a person or a client may take: past it the answer would find nobody waiting. */
export const longestMs = 30_000

type Work<T> = (tx: Tx) => Promise<T>

/** How answers name the organisation, or the organisations, that a row belongs to, by their numbers. */
const orgColumns = new Set(['org', 'org_id', 'orgId', 'org_ids', 'orgs'])

/** The same connection; whose rows come back over it is noted in `saw`. */
function watched(tx: Tx, saw: Set<number>, own: number[]): Tx {
  const note = <R extends { rows: object[]; fields: { name: string }[] }>(answer: R): R => {
    const columns = answer.fields.filter(({ name }) => orgColumns.has(name)).map(({ name }) => name)
    for (const column of columns)
      for (const row of answer.rows as Record<string, unknown>[]) {
        for (const org of [row[column]].flat())
          if (typeof org === 'number' && org > 0 && !own.includes(org)) saw.add(org)
      }
    return answer
  }
  return { query: (text, values) => tx.query<never>(text, values).then(note) }
}

/** `work` behind the settings by which the policies know the actor. Should they fail, so does every question after them. */
const as =
  <T>(actor: Actor | null, now: number, work: Work<T>): Work<T> =>
  async (tx) => {
    const actorSet = tx.query(
      // What is for all members is left out unless one of the organisations is a member that accepted the rules.
      kept(`select set_config('hsoc.scopes', scopes_held($1::text::int[], $2::text::int[])::text, true), set_config('hsoc.orgs', $2::text, true),
              set_config('hsoc.person', $3, true), set_config('hsoc.now', $4, true),
              set_config('statement_timeout', $5, true)`),
      [
        braces(actor ? scopesOf(actor) : [PUBLIC]),
        braces(actor ? organisationsRead(actor) : []),
        actor ? String(actor.person) : '',
        new Date(now).toISOString(),
        `${longestMs}ms`,
      ],
    )
    const own = actor?.saw ? organisationsRead(actor) : []
    const seen = actor?.saw ? watched(tx, actor.saw, own) : tx
    return (await together({ actorSet, answer: (async () => work(seen))() })).answer as T
  }

/**
 * Runs `work` in one transaction that reads and writes as `actor` at `now`. `actor` null is the signed-out visitor,
 * who holds the public scope only. A statement past `longestMs` throws `TooSlow`.
 */
export const asActor = <T>(db: Database, actor: Actor | null, now: number, work: Work<T>): Promise<T> =>
  transaction(db.app, as(actor, now, work))

/** The same for pages that only read: a write fails. */
export const asReader = <T>(db: Database, actor: Actor | null, now: number, work: Work<T>): Promise<T> =>
  reading(db.app, as(actor, now, work))
