/** Coordinators are written to when a version, or a source, waits for another than its author. */
import type { Tx } from '../../platform/database.ts'
import { queueWaitingAdvisories, queueWaitingSources, type WaitingAdvisory } from '../channels/index.ts'

/** A folder of files is read one after another: what came in a quarter of an hour stands in one mail. */
const gatherMs = 15 * 60_000

export async function tellOfWaiting(tx: Tx, now: number): Promise<void> {
  const { rows } = await tx.query<WaitingAdvisory & { at: number }>(
    `select advisory_id as advisory, seq, written_by as "writtenBy", (extract(epoch from written_at) * 1000)::float8 as at
     from advisory_confirmations where confirmed_at is null and told_at is null order by written_at, advisory_id for update`,
  )
  if (!rows.some((one) => one.writtenBy !== null || now - one.at >= gatherMs)) return
  await queueWaitingAdvisories(tx, rows, now)
  await tx.query(
    'update advisory_confirmations set told_at = $2 where confirmed_at is null and told_at is null and advisory_id = any ($1)',
    [rows.map(({ advisory }) => advisory), new Date(now).toISOString()],
  )
}

/** Of a source at once. */
export async function tellOfSources(tx: Tx, now: number): Promise<void> {
  const { rows } = await tx.query<{ source: number; askedBy: number; at: number }>(
    `update advisory_source_confirmations set told_at = $1 where confirmed_at is null and told_at is null
     returning source_id as source, asked_by as "askedBy", (extract(epoch from asked_at) * 1000)::float8 as at`,
    [new Date(now).toISOString()],
  )
  await queueWaitingSources(tx, rows, now)
}
