/** Everything that is held of a person, from the list of tables: about it, and made by it. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { COORDINATORS, OPERATORS, person as personScope } from '../../values/scopes.ts'
import { run } from './erase.ts'
import { held } from './held.ts'
import type { Activity } from './holding.ts'

export type Row = Record<string, unknown>

export interface Part {
  table: string
  activity: Activity
  /** `about` the person, or `made` by it. */
  relation: 'about' | 'made'
  columns: string[]
  rows: Row[]
  /** More than `mostRows` are there; the newest are shown. */
  isCut: boolean
}

export interface PersonData {
  person: number
  /** ISO 8601. */
  made: string
  parts: Part[]
}

/** Years of a busy coordinator's lines stay within memory, and within what anybody reads. */
export const mostRows = 50_000

/**
 * What is held of a person. `by` is the person itself or whoever answers for the installation; the line in the trail says who. NotFound.
 */
export async function exportOf(
  db: Database,
  person: number,
  by: Actor | null,
  now: number,
): Promise<PersonData> {
  return asEngine(db, (tx) => exportWithin(tx, person, by, now))
}

/** The same inside the program's own transaction; `asked` is what the line in the trail says of the request. */
export async function exportWithin(
  tx: Tx,
  person: number,
  by: Actor | null,
  now: number,
  asked: object = {},
): Promise<PersonData> {
  const { rows } = await tx.query<{ email: string }>('select email from people where id = $1', [person])
  if (!rows[0]) throw new NotFound('There is no such person.')
  const parts: Part[] = []
  for (const table of Object.keys(held)) parts.push(...(await partsOf(tx, table, person, rows[0].email)))
  await record(tx, {
    at: now,
    actor: by,
    verb: 'privacy.export',
    object: `person ${person}`,
    detail: asked,
    readers: [COORDINATORS, OPERATORS, personScope(person)],
  })
  return { person, made: new Date(now).toISOString(), parts: parts.filter((part) => part.rows.length > 0) }
}

async function partsOf(tx: Tx, table: string, person: number, email: string): Promise<Part[]> {
  const what = held[table]
  if (!what) return []
  const parts: Part[] = []
  const take = async (relation: Part['relation'], where: string, columns: string[]): Promise<void> => {
    if (columns.length === 0 || where === '') return
    const { rows } = await run(tx, select(table, where, columns), [person, '', '', email])
    parts.push({
      table,
      activity: what.activity,
      relation,
      columns: columns.map(shownAs),
      rows: rows.slice(0, mostRows) as Row[],
      isCut: rows.length > mostRows,
    })
  }
  if (what.about) await take('about', what.about.where, what.about.shows)
  if (what.made) await take('made', what.made.by.map((by) => `"${by}" = $1`).join(' or '), what.made.shows)
  return parts
}

/** Organisations, sensors and warnings by what people call them. */
const names: Record<string, { as: string; sql: string }> = {
  org_id: { as: 'organisation', sql: '(select x.name from organisations x where x.id = t.org_id)' },
  sensor_id: { as: 'sensor', sql: '(select x.name from sensors x where x.id = t.sensor_id)' },
  warning_id: { as: 'warning', sql: '(select x.number from warnings x where x.id = t.warning_id)' },
}
const shownAs = (column: string): string => names[column]?.as ?? column

function select(table: string, where: string, columns: string[]): string {
  const shown = columns.map((column) => {
    const name = names[column]
    return name ? `${name.sql} as ${name.as}` : `t."${column}"`
  })
  const moment = columns.find((column) => /_at$|^at$|_on$|_from$/.test(column))
  return `select ${shown.join(', ')} from ${table} t where ${where} ${moment ? `order by t."${moment}" desc nulls last` : ''} limit ${mostRows + 1}`
}
