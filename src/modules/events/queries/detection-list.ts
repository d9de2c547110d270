/** The condensed rows of a day. */
import type { Tx } from '../../../platform/database.ts'
import { type Counts, countsOf, type Sums } from './counts.ts'
import { cursorOf, type Listed, type Place, paged, pageSize, readCursor, wholeNumber } from './keyset.ts'
import { classIds, classNames, keyIds, keyTexts, organisationNames } from './names.ts'
import { rowsOf, type Whose } from './scope.ts'

export interface DetectionFilter {
  whose: Whose
  hours: { first: number; last: number }
  class?: string | undefined
  source?: string | undefined
}

export interface DetectionRow extends Counts {
  hour: number
  org: number
  organisation: string | null
  side: number
  class: string
  source: string | null
  severity: number
  first_at: string
  last_at: string
}

type Raw = Sums & {
  hour: number
  org_id: number
  side: number
  class_id: number
  key_id: number
  severity: number
  first_at: Date
  last_at: Date
}

/** One page of detections, newest hour first. */
export async function detectionsOf(
  tx: Tx,
  filter: DetectionFilter,
  place: Place = {},
  limit = pageSize,
): Promise<Listed<DetectionRow>> {
  const classes = filter.class === undefined ? null : await classIds(tx, filter.class)
  const keys = filter.source === undefined ? null : await keyIds(tx, filter.source)
  if (classes?.length === 0 || keys?.length === 0) return { rows: [], total: 0, older: null, newer: null }
  const where = `${rowsOf(filter.whose, [filter.hours])} and ($1::int[] is null or class_id = any ($1)) and ($2::int[] is null or key_id = any ($2))`
  const backwards = place.newer !== undefined
  const cursor = readCursor(place.newer ?? place.older, 5)
  const order = ['hour', 'org_id', 'side', 'class_id', 'key_id']
    .map((c) => `${c} ${backwards ? 'asc' : 'desc'}`)
    .join(', ')
  const { rows } = await tx.query<Raw & Record<string, unknown>>(
    `select hour, org_id, side, class_id, key_id, severity, first_at, last_at, events, occurrences, dropped, passed, partial, share from detections
     where ${where} ${cursor ? `and (hour, org_id, side, class_id, key_id) ${backwards ? '>' : '<'} ($3, $4, $5, $6, $7)` : ''}
     order by ${order} limit ${limit + 1}`,
    [classes, keys, ...(cursor ?? []).map(wholeNumber)],
  )
  const { rows: totals } = await tx.query<{ n: number }>(
    `select count(*)::int as n from detections where ${where}`,
    [classes, keys],
  )
  const page = paged(
    rows,
    place,
    limit,
    (row) => cursorOf(row.hour, row.org_id, row.side, row.class_id, row.key_id),
    totals[0]?.n ?? 0,
  )
  const names = await classNames(
    tx,
    page.rows.map((r) => r.class_id),
  )
  const texts = await keyTexts(
    tx,
    page.rows.map((r) => r.key_id),
  )
  const orgs = await organisationNames(
    tx,
    page.rows.map((r) => r.org_id),
  )
  return {
    ...page,
    rows: page.rows.map((row) => ({
      hour: row.hour,
      org: row.org_id,
      organisation: orgs.get(row.org_id) ?? null,
      side: row.side,
      class: names.get(row.class_id) ?? 'other',
      source: texts.get(row.key_id) ?? null,
      severity: row.severity,
      first_at: row.first_at.toISOString(),
      last_at: row.last_at.toISOString(),
      ...countsOf(row),
    })),
  }
}
