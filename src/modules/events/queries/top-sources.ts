/** Who was busiest: the sources of the most events of a day, with what lists say of them. */
import type { Tx } from '../../../platform/database.ts'
import { type Counts, countsOf, type Sums, sumColumns } from './counts.ts'
import { type Label, labelsOf } from './labels.ts'

export interface TopSource extends Counts {
  key: string
  address: string
  detections: number
  first_at: string
  last_at: string
  /** Events of each hour of the day. */
  hours: number[]
  labels: Label[]
}

type Row = Sums & { key_id: number; text: string; detections: number; first_at: Date; last_at: Date }

/** The busiest sources among the detections that `rows` (a condition) selects; at most `limit`. */
export async function topSources(
  tx: Tx,
  rows: string,
  hours: { first: number; last: number },
  limit = 15,
): Promise<TopSource[]> {
  const { rows: top } = await tx.query<Row & Record<string, unknown>>(
    `select k.text, d.* from (select key_id, count(*)::int as detections, ${sumColumns}, min(first_at) as first_at, max(last_at) as last_at
       from detections where ${rows} group by key_id order by events desc, key_id limit ${Math.floor(limit)}) d
     join source_keys k on k.id = d.key_id order by d.events desc, d.key_id`,
  )
  if (top.length === 0) return []
  const ids = top.map((row) => row.key_id)
  const { rows: byHour } = await tx.query<{ key_id: number; hour: number; events: number }>(
    `select key_id, hour, sum(events)::int as events from detections where ${rows} and key_id = any ($1) group by 1, 2`,
    [ids],
  )
  const labels = await labelsOf(tx, ids, new Date(Math.max(...top.map((row) => row.last_at.getTime()))))
  return top.map((row) => ({
    key: String(row.key_id),
    address: row.text,
    ...countsOf(row),
    detections: row.detections,
    first_at: row.first_at.toISOString(),
    last_at: row.last_at.toISOString(),
    hours: Array.from(
      { length: hours.last - hours.first + 1 },
      (_, i) => byHour.find((at) => at.key_id === row.key_id && at.hour === hours.first + i)?.events ?? 0,
    ),
    labels: labels.get(row.key_id) ?? [],
  }))
}
