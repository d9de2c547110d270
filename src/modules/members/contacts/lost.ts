/** A mailbox that returns what is sent to it: whatever was proved of it before says nothing any more. */
import type { Tx } from '../../../platform/database.ts'
import { note } from './trail.ts'

/** Takes back the proof of every contact with this address, so that the gap is seen. For the module that sends; answers how many. */
export async function mailLost(tx: Tx, address: string, now: number): Promise<number> {
  const { rows } = await tx.query<{ point: number; org: number }>(
    `update contact_points set verified_at = null, verified_by = null, verified_how = null
     where channel = 'mail' and lower(value) = lower($1) and ended_at is null and verified_at is not null
     returning id as point, org_id as org`,
    [address],
  )
  for (const which of rows) await note(tx, 'lose-contact', which, {}, null, now)
  return rows.length
}
