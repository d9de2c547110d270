/** What is left for those who had a warning that was revoked, or narrowed so that it is not for them any more. Whoever may read it gets that instead. */
import type { Queryable } from '../../../platform/database.ts'
import type { Cursor } from '../types.ts'
import { countWritten, listWritten, type WrittenFilters, type WrittenRow } from './read.ts'

export interface Tombstone {
  id: number
  number: string
  /** `withdrawn`: it is out, and not for this reader any more. */
  stands: 'revoked' | 'withdrawn'
  revokedAt: number
  /** Null where its label does not let the reason leave the pages of coordinators. */
  reason: string | null
}

const columns = `t.warning_id as id, t.number, t.stands, extract(epoch from t.revoked_at)::float8 * 1000 as "revokedAt", t.reason`
/** Of what was narrowed more than once, the last that the reader had. */
const last =
  '(select distinct on (warning_id) * from written_tombstones order by warning_id, revoked_at desc) t'
const hidden = 'not exists (select 1 from written_warnings w where w.id = t.warning_id)'

/** Null for who never had it, and for who may read it still. */
export async function tombstoneOf(tx: Queryable, id: number): Promise<Tombstone | null> {
  const { rows } = await tx.query<Tombstone & Record<string, unknown>>(
    `select ${columns} from ${last} where t.warning_id = $1 and ${hidden}`,
    [id],
  )
  return rows[0] ?? null
}

/** A title is not known any more, so words find them by their number alone. */
const where = `${hidden} and ($1::text is null or strpos(lower(t.number), lower($1)) > 0)
  and ($2::float8 is null or t.revoked_at >= to_timestamp($2::float8 / 1000.0)) and ($3::float8 is null or t.revoked_at < to_timestamp($3::float8 / 1000.0))
  and ($4 is false or t.stands = 'revoked')`

/** Milliseconds; `to` is left out itself. */
export interface StoneFilters {
  text?: string | undefined
  from?: number | undefined
  to?: number | undefined
  /** Only those that were revoked for all. */
  revoked?: boolean
}

const given = ({ text, from, to, revoked }: StoneFilters): unknown[] => [
  text?.trim() || null,
  from ?? null,
  to ?? null,
  revoked ?? false,
]

/** The newest first, from after the cursor. */
export async function listTombstones(
  tx: Queryable,
  filters: StoneFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<Tombstone[]> {
  const { rows } = await tx.query<Tombstone & Record<string, unknown>>(
    `select ${columns} from ${last}
     where ${where} and ($5::float8 is null or (t.revoked_at, t.warning_id) < (to_timestamp($5::float8 / 1000.0), $6::bigint))
     order by t.revoked_at desc, t.warning_id desc limit $7`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  return rows
}

/** How many the same filters find. */
export async function countTombstones(tx: Queryable, filters: StoneFilters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from ${last} where ${where}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

const isFor = ({ state }: WrittenFilters): boolean => state === undefined || state === 'revoked'

const stonesOf = ({ text, state }: WrittenFilters): StoneFilters => ({ text, revoked: state === 'revoked' })

export type Listed = WrittenRow | Tombstone

/** The content is known to the reader. */
export const isWhole = (row: Listed): row is WrittenRow => 'shown' in row

export const listedAt = (row: Listed): number => (isWhole(row) ? row.changedAt : row.revokedAt)

/** Both as one list, the newest first; a cursor is of either. */
export async function listWithTombstones(
  tx: Queryable,
  filters: WrittenFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<Listed[]> {
  const rows: Listed[] = await listWritten(tx, filters, cursor, limit)
  if (!isFor(filters)) return rows
  const gone = await listTombstones(tx, stonesOf(filters), cursor, limit)
  return [...rows, ...gone].sort((a, b) => listedAt(b) - listedAt(a) || b.id - a.id).slice(0, limit)
}

/** How many the same filters find. */
export async function countWithTombstones(tx: Queryable, filters: WrittenFilters): Promise<number> {
  const whole = await countWritten(tx, filters)
  if (!isFor(filters)) return whole
  return whole + (await countTombstones(tx, stonesOf(filters)))
}
