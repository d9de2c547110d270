/** Written warnings that are or were out, for the one list of all warnings: as the reader sees them, the newest first. */
import type { Queryable } from '../../../platform/database.ts'
import type { Cursor, Filters } from '../types.ts'
import { isAsked } from './owners.ts'
import { countTombstones, listTombstones, type Tombstone } from './tombstones.ts'
import type { Kind, Standing, State, Version } from './types.ts'

export interface OutRow
  extends Pick<Version, 'kind' | 'severity' | 'tlp' | 'audience' | 'texts' | 'translation'> {
  id: number
  number: string
  version: number
  state: State
  publishedAt: number
  changedAt: number
  endsAt: number | null
  /** Of those organisations of the reader that were asked; of all, for a coordinator. */
  answers: Standing[]
}

export interface OutFilters extends Filters {
  /** Null: written ones of every kind. */
  kind: Kind | null
}

/** What only warnings born of detections have: none of the written ones fits. */
const isForDetected = ({ state, rule, exercise, asked, org }: Filters): boolean =>
  state === 'unattended' || state === 'reopened' || Boolean(rule || exercise || asked) || org === 0

const living = `w.state = 'published' and (w.ends_at is null or w.ends_at > (select actor_now()))`
const line = `select 1 from written_asked a where a.warning_id = w.id and ${isAsked('a')} and a.out_at is null`

/** Conditions on `w` and `v`, with the values they use. */
function conditions(filters: OutFilters, values: unknown[]): string {
  const put = (value: unknown): string => `$${values.push(value)}`
  const parts = ['w.version > 0']
  if (filters.state === 'closed') parts.push(`not (${living})`)
  else if (filters.state) parts.push(living)
  if (filters.state === 'concerning') parts.push(`exists (${line} and a.answer <> 'not_affected')`)
  if (filters.kind) parts.push(`v.kind = ${put(filters.kind)}`)
  if (filters.severity !== undefined) parts.push(`v.severity >= ${put(filters.severity)}`)
  if (filters.org !== undefined)
    parts.push(
      `exists (${line} and a.org_id = any ((select organisation_with_merged(${put(filters.org)}))::int[]))`,
    )
  if (filters.answer) parts.push(`exists (${line} and a.answer = ${put(filters.answer)})`)
  if (filters.from !== undefined) parts.push(`w.published_at >= to_timestamp(${put(filters.from)} / 1000.0)`)
  if (filters.to !== undefined) parts.push(`w.published_at < to_timestamp(${put(filters.to)} / 1000.0)`)
  if (filters.text?.trim()) {
    const text = put(filters.text.trim())
    parts.push(`(strpos(lower(w.number), lower(${text})) > 0 or strpos(lower(v.texts->'cs'->>'title'), lower(${text})) > 0
      or strpos(lower(v.texts->'en'->>'title'), lower(${text})) > 0)`)
  }
  return parts.join(' and ')
}

const from = 'from written_warnings w join written_versions v on v.warning_id = w.id and v.no = w.version'

/** From after the cursor. */
export async function listOut(
  tx: Queryable,
  filters: OutFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<OutRow[]> {
  if (isForDetected(filters)) return []
  const values: unknown[] = []
  const where = conditions(filters, values)
  const after = cursor
    ? `and (w.published_at, w.id) < (to_timestamp($${values.push(cursor.at)} / 1000.0), $${values.push(cursor.id)}::bigint)`
    : ''
  const { rows } = await tx.query<OutRow & Record<string, unknown>>(
    `select w.id, w.number, w.version, w.state, v.kind, v.severity, v.tlp, v.audience, v.texts, v.translation,
       extract(epoch from w.published_at)::float8 * 1000 as "publishedAt", extract(epoch from w.changed_at)::float8 * 1000 as "changedAt",
       extract(epoch from w.ends_at)::float8 * 1000 as "endsAt",
       array(select a.answer from written_asked a where a.warning_id = w.id and ${isAsked('a')} and a.out_at is null) as answers
     ${from} where ${where} ${after} order by w.published_at desc, w.id desc limit $${values.push(limit)}`,
    values,
  )
  return rows
}

/** How many rows the same filters find. */
export async function countOut(tx: Queryable, filters: OutFilters): Promise<number> {
  if (isForDetected(filters)) return 0
  const values: unknown[] = []
  const where = conditions(filters, values)
  const { rows } = await tx.query<{ n: number }>(`select count(*)::int as n ${from} where ${where}`, values)
  return rows[0]?.n ?? 0
}

/** Of what is revoked only number and moment are known to those who had it, so it is found by these, and as what is over. */
const isForGone = ({ state, kind, severity, org, answer, ...rest }: OutFilters): boolean =>
  (state === undefined || state === 'closed') &&
  !isForDetected(rest) &&
  kind === null &&
  severity === undefined &&
  org === undefined &&
  answer === undefined

/** What is left of those that were revoked, by when they were. */
export const listGone = async (
  tx: Queryable,
  filters: OutFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<Tombstone[]> => (isForGone(filters) ? listTombstones(tx, filters, cursor, limit) : [])

/** How many rows the same filters find. */
export const countGone = async (tx: Queryable, filters: OutFilters): Promise<number> =>
  isForGone(filters) ? countTombstones(tx, filters) : 0
