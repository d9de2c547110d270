/** What became of the messages about a warning, for its board: how many people of each organisation were told, and whether any message arrived. */
import type { Queryable } from '../../../platform/database.ts'

export interface Told {
  org: number
  /** People, and contact addresses, that a message went out to, by whichever way. */
  out: number
  /** Of those, where the reader opened the page afterwards. */
  opened: number
  /** Where it still waits: for its turn, for another try or for the digest. */
  waiting: number
  /** Where it failed, came back, or nobody knows what became of it. */
  lost: number
}

/** Somebody counts once, by the best that became of any message to them. Who was told that it is over does not count. */
export async function toldOf(tx: Queryable, id: number): Promise<Told[]> {
  const { rows } = await tx.query<Told & Record<string, unknown>>(
    `select org, count(*) filter (where best >= 2)::int as out, count(*) filter (where best = 3)::int as opened,
       count(*) filter (where best = 1)::int as waiting, count(*) filter (where best = 0)::int as lost
     from (select org_id as org, max(case when opened_at is not null then 3 when state in ('sent', 'delivered', 'digested') then 2
         when state in ('queued', 'sending', 'held') then 1 else 0 end) as best
       from deliveries where written_id = $1 and org_id is not null and kind <> 'revoked'
       group by org_id, coalesce(person_id::text, address)) one
     group by org`,
    [id],
  )
  return rows
}
