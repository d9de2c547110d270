/** What becomes of items by itself: candidate, confirmed, listed, expired, withdrawn; and the never-list asked again. */
import type { Tx } from '../../../platform/database.ts'
import type { Hit, NeverList } from '../../events/index.ts'
import type { Kind } from './types.ts'

interface Standing extends Record<string, unknown> {
  id: string
  kind: Kind
  value: string
  hits: Hit[] | null
}

/** Two independent observers, or somebody's word. */
const confirmedBy = `exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null
  having sum(s.observers) >= 2 or bool_or(s.source <> 'campaign'))`

const among = '($2::bigint[] is null or i.id = any ($2))'

/** One step for `items`, or for all (null); answers those that changed, of which every list is to be made anew. */
export async function advance(
  tx: Tx,
  never: NeverList,
  items: string[] | null,
  now: number,
): Promise<string[]> {
  const at = new Date(now).toISOString()
  const changed = new Set<string>()
  const run = async (sql: string): Promise<void> => {
    const { rows } = await tx.query<{ id: string }>(`${sql} and ${among} returning i.id::text`, [at, items])
    for (const { id } of rows) changed.add(id)
  }
  await run(
    `update blocklist_items i set seen_at = s.seen, ends_at = s.ends
     from (select item_id, max(seen_at) as seen, max(ends_at) as ends from blocklist_sources
       where ended_at is null and ($2::bigint[] is null or item_id = any ($2)) group by item_id) s
     where s.item_id = i.id and (i.seen_at, i.ends_at) is distinct from (s.seen, s.ends) and $1::timestamptz is not null`,
  )
  await run(
    `update blocklist_items i set state = 'withdrawn', closed_at = $1, closed_why = 'source'
     where i.state <> 'withdrawn'
       and not exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null)`,
  )
  await run(
    `update blocklist_items i set state = 'expired' where i.state in ('candidate', 'confirmed', 'listed') and i.ends_at <= $1`,
  )
  await run(
    `update blocklist_items i set state = 'candidate', closed_at = null, closed_why = null
     where (i.state = 'expired' or i.state = 'withdrawn' and i.closed_why = 'source') and i.ends_at > $1
       and exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null)`,
  )
  for (const id of await askNever(tx, never, items, at)) changed.add(id)
  // What public lists would say of it is not known: it waits until they are read.
  if (!never.isBlind())
    await run(
      `update blocklist_items i set state = 'confirmed', confirmed_at = coalesce(i.confirmed_at, $1)
     where i.state = 'candidate' and (i.hits is null or i.overruled_at is not null) and ${confirmedBy}`,
    )
  return [...changed]
}

/** At confirmation and again each time: registers, lists and entries change. What is firm undoes a coordinator's word. */
async function askNever(tx: Tx, never: NeverList, items: string[] | null, at: string): Promise<string[]> {
  const { rows } = await tx.query<Standing>(
    `select i.id::text, i.kind, i.value, i.hits from blocklist_items i
     where (i.state in ('confirmed', 'listed') or i.state = 'candidate' and ${confirmedBy}) and ($1::bigint[] is null or i.id = any ($1))`,
    [items],
  )
  const found = rows.flatMap(({ id, kind, value, hits: before }) => {
    const blind = never.isBlind() ? (before ?? []).filter(({ list }) => list === 'warning-list') : []
    const hits = [...never.hits({ kind, value }), ...blind]
    return JSON.stringify(hits) === JSON.stringify(before ?? []) ? [] : [{ id, hits }]
  })
  if (found.length === 0) return []
  await tx.query(
    `update blocklist_items i set hits = case when f.hits = '[]' then null else f.hits end,
       hit_at = case when f.hits = '[]' then null else coalesce(i.hit_at, $1) end,
       overruled_at = case when f.firm then null else i.overruled_at end, overruled_by = case when f.firm then null else i.overruled_by end,
       overruled_why = case when f.firm then null else i.overruled_why end
     from unnest($2::bigint[], $3::jsonb[], $4::boolean[]) as f (id, hits, firm) where i.id = f.id`,
    [
      at,
      found.map(({ id }) => id),
      found.map(({ hits }) => JSON.stringify(hits)),
      found.map(({ hits }) => hits.some(({ firm }) => firm)),
    ],
  )
  const ids = found.map(({ id }) => id)
  await tx.query('select blocklist_prune($1, $2)', [ids, at])
  return ids
}

/** What stands on a list somewhere is listed; what stands on none any more is confirmed again. */
export async function markListed(tx: Tx, items: string[] | null): Promise<void> {
  await tx.query(
    `update blocklist_items i set state = case i.state when 'confirmed' then 'listed' else 'confirmed' end
     where ($1::bigint[] is null or i.id = any ($1)) and (
       i.state = 'confirmed' and exists (select 1 from blocklist_entries e where e.item_id = i.id)
       or i.state = 'listed' and not exists (select 1 from blocklist_entries e where e.item_id = i.id))`,
    [items],
  )
}
