/** Erasing a person: what names it goes or is blanked; what law and audit need stays under a number. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { NotFound, WrongState } from '../../platform/errors.ts'
import { forgottenBefore } from '../../platform/retention.ts'
import { COORDINATORS, OPERATORS } from '../../values/scopes.ts'
import { endEverything } from '../members/index.ts'
import { held } from './held.ts'
import type { Held } from './holding.ts'

interface Told {
  id: number
  email: string
  name: string
  language: 'cs' | 'en'
  erased: boolean
  disabled: boolean
  /** Roles that are not over, `role` and the name of the organisation. */
  roles: { role: string; org: string | null }[]
}

async function read(tx: Tx, person: number, now: number): Promise<Told> {
  const { rows } = await tx.query<Told & Record<string, unknown>>(
    `select p.id, p.email, p.name, p.language, p.erased_at is not null as erased, p.disabled_at is not null as disabled,
       coalesce((select jsonb_agg(jsonb_build_object('role', e.role, 'org', o.name) order by e.role, o.name)
         from engagements e left join organisations o on o.id = e.org_id where e.person_id = p.id and e.valid_to > $2), '[]') as roles
     from people p where p.id = $1 for update of p`,
    [person, new Date(now).toISOString()],
  )
  const [told] = rows
  if (!told) throw new NotFound('There is no such person.')
  if (told.erased) throw new WrongState('The data of this person were erased before.')
  return told
}

/** What a person is called after erasure. */
const labelOf = ({ id, language }: Told): string => `${language === 'cs' ? 'Osoba' : 'Person'} ${id}`

/**
 * Erases a person: means of sign-in, sessions, contact data, name; roles, answers and lines of the trail stay under the
 * number. `WrongState` while a role is not over (it says which), and when it was done before; NotFound. The accounts merged into it are of the same
 * human, and go with it.
 */
export const erase = (db: Database, person: number, by: Actor | null, now: number): Promise<void> =>
  asEngine(db, (tx) => eraseWithin(tx, person, by, now))

/** The same inside the program's own transaction. */
export async function eraseWithin(tx: Tx, person: number, by: Actor | null, now: number): Promise<void> {
  await eraseAccount(tx, person, by, now)
  const { rows } = await tx.query<{ id: number }>(
    `with recursive merged as (
       select id, erased_at from people where merged_into = $1
       union select p.id, p.erased_at from people p join merged m on p.merged_into = m.id)
     select id from merged where erased_at is null order by id`,
    [person],
  )
  for (const { id } of rows) await eraseAccount(tx, id, by, now)
}

async function eraseAccount(tx: Tx, person: number, by: Actor | null, now: number): Promise<void> {
  const told = await read(tx, person, now)
  if (told.roles.length > 0 && !told.disabled) {
    const roles = told.roles.map(({ role, org }) => (org ? `${role} (${org})` : role)).join(', ')
    throw new WrongState(`This person has roles that must end first: ${roles}.`)
  }
  const at = new Date(now).toISOString()
  await endEverything(tx, person, now)
  const { rows } = await tx.query<{ lines: number; digest: string | null }>(
    'select lines, digest from trail_erase($1, $2)',
    [person, at],
  )
  const given = [person, labelOf(told), `person-${person}@erased.invalid`, told.email, told.name, at]
  for (const [table, what] of Object.entries(held)) await eraseIn(tx, table, what, given)
  await tx.query('select people_set_readers($1)', [person])
  await record(tx, {
    at: now,
    actor: by,
    verb: 'privacy.erase',
    object: `person ${person}`,
    detail: { lines: rows[0]?.lines ?? 0, ...(rows[0]?.digest ? { digest: rows[0].digest } : {}) },
    readers: [COORDINATORS, OPERATORS],
  })
}

async function eraseIn(tx: Tx, table: string, what: Held, given: unknown[]): Promise<void> {
  if (what.erase === 'deleted' && what.about)
    await run(tx, `delete from ${table} where ${what.about.where}`, given)
  if (typeof what.erase === 'string') return
  for (const { set, where } of what.erase) {
    const columns = Object.entries(set).map(([column, value]) => `${column} = ${value}`)
    await run(tx, `update ${table} set ${columns.join(', ')} where ${where}`, given)
  }
}

const types = ['int', 'text', 'text', 'text', 'text', 'timestamptz']

/** Only the values that the statement names are sent, numbered anew: a value that none names has no type. */
export function run(tx: Queryable, sql: string, given: unknown[]): ReturnType<Tx['query']> {
  const named = [...new Set([...sql.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].sort()
  const text = sql.replace(
    /\$(\d)/g,
    (_, n: string) => `$${named.indexOf(Number(n)) + 1}::${types[Number(n) - 1]}`,
  )
  return tx.query(
    text,
    named.map((n) => given[n - 1]),
  )
}

/** Erases everybody whose last role ended longer ago than the period of keeping; answers how many. */
export async function eraseGone(db: Database, now: number): Promise<number> {
  const { rows } = await db.engine.query<{ id: number }>('select id from people_gone($1) as id order by id', [
    await forgottenBefore(db.engine, 'people', now),
  ])
  for (const { id } of rows) await erase(db, id, null, now)
  return rows.length
}
