/**
 * What reports of a broken care do to everybody's lists (exchange.md 7). A report always helps who said it; others it
 * concerns when somebody else at another organisation says the same, and then only so far that nobody can empty a list by it.
 */
import type { Tx } from '../../../platform/database.ts'

/** A report counts for others for so long. */
const daysCounted = 30
/** As many entries one report takes off everybody's lists, the narrowest first. */
const mostOfOne = 3
/** Of each list, reports take off so much in a day: this share, but never fewer nor more than so many. */
const share = 0.1
const leastOfDay = 5
const mostOfDay = 50

/** `withdrawn`: something left everybody's lists; `reported`: two say so, and coordinators decide. */
export type Outcome = 'alone' | 'reported' | 'withdrawn'

/** By the present organisation and the person that goes on; reports are judged one after another. */
const independent = `
  with counted as (
    select x.kind, x.value, x.made_at, n.id as org, coalesce(p.merged_into, p.id) as person
    from blocklist_exceptions x
    join organisations o on o.id = x.org_id
    join organisations n on n.id = coalesce(o.present_id, o.id) and n.status <> 'left'
    join people p on p.id = coalesce(x.person_id, x.key_by)
    where x.broke and x.ended_at is null and x.made_at > $2::timestamptz - make_interval(days => $3))
  select i.id::text, case when i.kind = 'net' then 'ip' else i.kind end as list,
    i.overruled_at is not null or exists (select 1 from blocklist_sources s
      where s.item_id = i.id and s.source = 'coordinator' and s.ended_at is null and s.ends_at > $2) as word
  from blocklist_items i
  where i.id = any ($1) and i.state <> 'withdrawn' and exists (
    select 1 from counted a join counted b on b.kind = a.kind and b.value = a.value and b.org <> a.org and b.person <> a.person
    where a.kind = i.kind and a.value = i.value and least(a.made_at, b.made_at) > coalesce(i.judged_at, '-infinity'))
  order by masklen(i.net) desc nulls last, length(i.value) desc, i.id for update of i`

interface Reported extends Record<string, unknown> {
  id: string
  list: string
  /** It stands there by a coordinator's own word. */
  word: boolean
}

/** Judges the items that a report is about; whoever calls it prunes the lists. */
export async function judgeReports(tx: Tx, items: string[], at: string): Promise<Outcome> {
  const { rows: reported } = await tx.query<Reported>(independent, [items, at, daysCounted])
  if (reported.length === 0) return 'alone'
  const room = await roomLeft(tx, at)
  const off: string[] = []
  for (const { id, list, word } of reported) {
    const left = room.get(list) ?? 0
    if (word || left <= 0 || off.length === mostOfOne) continue
    off.push(id)
    room.set(list, left - 1)
  }
  await tx.query(
    `update blocklist_items set state = 'withdrawn', closed_at = $2, closed_why = 'false-positive', reported_at = null where id = any ($1)`,
    [off, at],
  )
  await tx.query(
    'update blocklist_items set reported_at = coalesce(reported_at, $2) where id = any ($1) and not id = any ($3)',
    [reported.map(({ id }) => id), at, off],
  )
  return off.length > 0 ? 'withdrawn' : 'reported'
}

/** How many entries of each list reports may still take off today. What a coordinator brought back is not counted. */
async function roomLeft(tx: Tx, at: string): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ list: string; listed: number; gone: number }>(
    `select case when kind = 'net' then 'ip' else kind end as list, count(*) filter (where state <> 'withdrawn')::int as listed,
       count(*) filter (where state = 'withdrawn')::int as gone
     from blocklist_items where state in ('confirmed', 'listed')
       or closed_why = 'false-positive' and closed_at > $1::timestamptz - interval '1 day' group by 1`,
    [at],
  )
  return new Map(
    rows.map(({ list, listed, gone }) => [
      list,
      Math.min(mostOfDay, Math.max(leastOfDay, Math.floor(share * listed))) - gone,
    ]),
  )
}

/** Two that come at once would not see each other. */
export const inOrder = (tx: Tx) =>
  tx.query(`select pg_advisory_xact_lock(hashtext('reports of broken care'))`)
