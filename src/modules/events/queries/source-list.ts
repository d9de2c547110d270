/** The distinct sources of a day, busiest first. */
import type { Tx } from '../../../platform/database.ts'
import { type Counts, countsOf, type Sums, sumColumns } from './counts.ts'
import { cursorOf, type Listed, type Place, paged, pageSize, readCursor, wholeNumber } from './keyset.ts'
import { type Label, labelsOf } from './labels.ts'
import { rowsOf, type Whose } from './scope.ts'

export interface SourceRow extends Counts {
  key: number
  address: string
  detections: number
  first_at: string
  last_at: string
  labels: Label[]
}

type Raw = Sums & { key_id: number; text: string; detections: number; first_at: Date; last_at: Date }

/** One page of the sources that the daily view counts. */
export async function sourcesOf(
  tx: Tx,
  filter: { whose: Whose; hours: { first: number; last: number } },
  place: Place = {},
  limit = pageSize,
): Promise<Listed<SourceRow>> {
  const backwards = place.newer !== undefined
  const cursor = readCursor(place.newer ?? place.older, 2)
  const all = `select d.*, k.text from (select key_id, count(*)::int as detections, ${sumColumns}, min(first_at) as first_at, max(last_at) as last_at
      from detections where ${rowsOf(filter.whose, [filter.hours])} group by key_id) d join source_keys k on k.id = d.key_id and k.counted`
  const direction = backwards ? 'asc' : 'desc'
  const { rows } = await tx.query<Raw & { total: number } & Record<string, unknown>>(
    `with all_sources as materialized (${all}) select s.*, (select count(*)::int from all_sources) as total from all_sources s
     ${cursor ? `where (events, key_id) ${backwards ? '>' : '<'} ($1::bigint, $2::int)` : ''} order by events ${direction}, key_id ${direction} limit ${limit + 1}`,
    (cursor ?? []).map(wholeNumber),
  )
  const page = paged(
    rows,
    place,
    limit,
    (row) => cursorOf(row.events, row.key_id),
    rows[0]?.total ?? (cursor ? null : 0),
  )
  const latest = new Date(Math.max(0, ...page.rows.map((row) => row.last_at.getTime())))
  const labels = await labelsOf(
    tx,
    page.rows.map((row) => row.key_id),
    latest,
  )
  return {
    ...page,
    rows: page.rows.map((row) => ({
      key: row.key_id,
      address: row.text,
      ...countsOf(row),
      detections: row.detections,
      first_at: row.first_at.toISOString(),
      last_at: row.last_at.toISOString(),
      labels: labels.get(row.key_id) ?? [],
    })),
  }
}
