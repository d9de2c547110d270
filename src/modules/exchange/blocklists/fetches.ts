/** Which firewall had which version of a list from when on: what makes "protected" a fact. */
import { asEngine, type Database } from '../../../platform/database.ts'
import type { List } from './types.ts'

const mostFetches = 100

export interface Sent {
  device: number
  org: number
  list: List
  version: number
  /** How long the list was, also where less of it was asked for. */
  entries: number
  /** It was not shortened. */
  complete: boolean
}

/** One row for each version that a firewall had; only the newest are kept. */
export async function noteFetch(db: Database, sent: Sent, now: number): Promise<void> {
  const { device, org, list, version, entries, complete } = sent
  await asEngine(db, async (tx) => {
    // What a crash of the database loses, the next fetch says again.
    await tx.query('set local synchronous_commit = off')
    const { rows } = await tx.query<{ times: number }>(
      `insert into blocklist_fetches as f (device_id, org_id, list, version, entries, complete, first_at, last_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
       on conflict (device_id, list, version, complete) do update set last_at = greatest(f.last_at, excluded.last_at), times = f.times + 1 returning times`,
      [device, org, list, version, entries, complete, new Date(now).toISOString()],
    )
    if (rows[0]?.times === 1)
      await tx.query(
        `delete from blocklist_fetches where device_id = $1 and list = $2 and version <= (
           select version from blocklist_fetches where device_id = $1 and list = $2 order by version desc offset $3 limit 1)`,
        [device, list, mostFetches],
      )
  })
}
