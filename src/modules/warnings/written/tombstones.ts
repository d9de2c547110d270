/** What is left of a revoked warning for those who had it: that it was revoked. Whoever may read all of it gets that instead. */
import type { Queryable } from '../../../platform/database.ts'
import type { Cursor } from '../types.ts'
import { countWritten, listWritten, type WrittenFilters, type WrittenRow } from './read.ts'

export interface Tombstone {
  id: number
  number: string
  revokedAt: number
  /** Null where its label does not let the reason leave the pages of coordinators. */
  reason: string | null
}

const columns = `t.warning_id as id, t.number, extract(epoch from t.revoked_at)::float8 * 1000 as "revokedAt", t.reason`
const hidden = 'not exists (select 1 from written_warnings w where w.id = t.warning_id)'

/** Null for who never had it, and for who may read it still. */
export async function tombstoneOf(tx: Queryable, id: number): Promise<Tombstone | null> {
  const { rows } = await tx.query<Tombstone & Record<string, unknown>>(
    `select ${columns} from written_tombstones t where t.warning_id = $1 and ${hidden}`,
    [id],
  )
  return rows[0] ?? null
}

/** A title is not known any more, so words find them by their number alone. */
const where = `${hidden} and ($1::text is null or strpos(lower(t.number), lower($1)) > 0)
  and ($2::float8 is null or t.revoked_at >= to_timestamp($2::float8 / 1000.0)) and ($3::float8 is null or t.revoked_at < to_timestamp($3::float8 / 1000.0))`

/** Milliseconds; `to` is left out itself. */
export interface StoneFilters {
  text?: string | undefined
  from?: number | undefined
  to?: number | undefined
}

const given = ({ text, from, to }: StoneFilters): unknown[] => [
  text?.trim() || null,
  from ?? null,
  to ?? null,
]

/** The newest first, from after the cursor. */
export async function listTombstones(
  tx: Queryable,
  filters: StoneFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<Tombstone[]> {
  const { rows } = await tx.query<Tombstone & Record<string, unknown>>(
    `select ${columns} from written_tombstones t
     where ${where} and ($4::float8 is null or (t.revoked_at, t.warning_id) < (to_timestamp($4::float8 / 1000.0), $5::bigint))
     order by t.revoked_at desc, t.warning_id desc limit $6`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  return rows
}

/** How many the same filters find. */
export async function countTombstones(tx: Queryable, filters: StoneFilters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from written_tombstones t where ${where}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

const isFor = ({ state }: WrittenFilters): boolean => state === undefined || state === 'revoked'

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
  const gone = await listTombstones(tx, filters, cursor, limit)
  return [...rows, ...gone].sort((a, b) => listedAt(b) - listedAt(a) || b.id - a.id).slice(0, limit)
}

/** How many the same filters find. */
export async function countWithTombstones(tx: Queryable, filters: WrittenFilters): Promise<number> {
  const whole = await countWritten(tx, filters)
  if (!isFor(filters)) return whole
  return whole + (await countTombstones(tx, filters))
}
