/** An organisation's lists: what stands on them now, and what comes and goes. */
import { asEngine, type Database, type Queryable } from '../../../platform/database.ts'
import { type Choices, type List, lists, usual } from './types.ts'

/** More than this share of a list at once waits for a coordinator, from as many entries on as would not be a jump of a few. */
const jump = 0.3
const leastJump = 20

interface Stand extends Record<string, unknown> {
  list: List
  version: number
  entries: number
  passed: boolean
  chosen: boolean
  held: number | null
}

interface Difference extends Record<string, unknown> {
  list: List
  come: string[] | null
  changed: string[] | null
  late: string[] | null
  cause: string[] | null
}

/** Parameters $1 organisation, $2 now, $3 kinds, $4 sources, $5 confidence, $6 days, $7 items (null: all). */
const wanted = `
  select i.id, case when i.kind = 'net' then 'ip' else i.kind end as list, i.kind, i.value, s.seen, s.ends,
    case when s.n >= 2 then 2 else 1 end as confidence,
    i.state <> 'expired' and s.ends > $2 and s.seen > $2::timestamptz - make_interval(days => $6) as timely
  from blocklist_items i
  cross join lateral (select sum(observers) as n, bool_or(source <> 'campaign') as word, max(seen_at) as seen, max(ends_at) as ends
    from blocklist_sources s where s.item_id = i.id and s.ended_at is null 
      and (s.source = any ($4) and s.readers && (select blocklist_scopes($1)) or 'strict' = any ($4) and s.source = 'warning'
        and s.readers && (select blocklist_strict_scopes($1)) and not s.readers && (select blocklist_scopes($1)))) s
  where i.state in ('confirmed', 'listed', 'expired') and (i.hits is null or i.overruled_at is not null) and i.kind = any ($3)
    and ($7::bigint[] is null or i.id = any ($7)) and (s.n >= 2 or s.word and $5 = 1)
    and not exists (select 1 from x where x.kind = i.kind and x.value = i.value or x.net && i.net or i.host = x.host
      or right(i.host, length(x.host) + 1) = '.' || x.host)`
const exceptions = `x as materialized (select kind, value, net, host from blocklist_exceptions
  where org_id = any (organisation_with_merged($1)) and ended_at is null)`

const given = (org: number, choices: Choices, items: string[] | null, now: number): unknown[] => [
  org,
  new Date(now).toISOString(),
  choices.kinds,
  choices.sources,
  choices.confidence,
  choices.maxDays,
  items,
]

export interface Wanted {
  kind: Choices['kinds'][number]
  value: string
}

/** What would stand on the lists of an organisation by these choices; as the program, for who may act for it. */
export async function wouldList(
  db: Queryable,
  org: number,
  choices: Choices,
  now: number,
): Promise<Wanted[]> {
  const { rows } = await db.query<Wanted & Record<string, unknown>>(
    `with ${exceptions} select kind, value from (${wanted}) w where timely`,
    given(org, choices, null, now),
  )
  return rows
}

/** With its organisation in the row, so that a look of somebody else's is noted. */
export async function choicesOf(db: Queryable, org: number): Promise<Choices> {
  const { rows } = await db.query<Choices & { org: number } & Record<string, unknown>>(
    'select org_id as org, kinds, sources, confidence, max_days as "maxDays" from blocklist_choices where org_id = $1',
    [org],
  )
  if (!rows[0]) return usual
  const { kinds, sources, confidence, maxDays } = rows[0]
  return { kinds, sources, confidence, maxDays }
}

/** Organisations with a firewall that may fetch. */
export async function served(db: Queryable, now: number): Promise<number[]> {
  const { rows } = await db.query<{ org: number }>(
    `select distinct coalesce(o.present_id, o.id) as org from blocklist_devices d join organisations o on o.id = d.org_id
     where d.revoked_at is null and d.expires_at > $1 order by 1`,
    [new Date(now).toISOString()],
  )
  return rows.map(({ org }) => org)
}

/**
 * Makes the lists of one organisation anew, `items` alone or all of them. What lost its cause goes at once; a jump in
 * what comes and expires is held for a coordinator. Answers how many lists were held by this.
 */
export const makeLists = (db: Database, org: number, items: string[] | null, now: number): Promise<number> =>
  asEngine(db, async (tx) => {
    await tx.query(
      'insert into blocklist_lists (org_id, list) select $1, unnest($2::text[]) on conflict do nothing',
      [org, lists],
    )
    const { rows: stands } = await tx.query<Stand>(
      `select l.list, l.version, l.entries, l.passed_until > $2 as passed, l.held,
         exists (select 1 from blocklist_choices c where c.org_id = l.org_id and c.changed_at >= l.generated_at) as chosen
       from blocklist_lists l where l.org_id = $1 order by l.list for update`,
      [org, new Date(now).toISOString()],
    )
    const choices = await choicesOf(tx, org)
    const { rows: differences } = await tx.query<Difference>(
      `with ${exceptions}, w as (${wanted}),
       e as (select * from blocklist_entries where org_id = $1 and ($7::bigint[] is null or item_id = any ($7)))
       select coalesce(w.list, e.list) as list, array_agg(w.id::text) filter (where e.item_id is null and w.timely) as come,
         array_agg(e.item_id::text) filter (where w.timely and (e.confidence, e.seen_at, e.ends_at) is distinct from (w.confidence, w.seen, w.ends)) as changed,
         array_agg(e.item_id::text) filter (where not w.timely) as late, array_agg(e.item_id::text) filter (where w.id is null) as cause
       from w full join e on e.item_id = w.id and e.list = w.list group by 1`,
      given(org, choices, items, now),
    )
    let held = 0
    for (const stand of stands) {
      const one = differences.find(({ list }) => list === stand.list)
      if (await apply(tx, { org, choices, stand, whole: items === null }, one, now)) held++
    }
    return held
  })

interface Making {
  org: number
  choices: Choices
  stand: Stand
  whole: boolean
}

/** Answers whether the list is held by this. */
async function apply(
  tx: Queryable,
  { org, choices, stand, whole }: Making,
  found: Difference | undefined,
  now: number,
): Promise<boolean> {
  const { list, version } = stand
  const at = new Date(now).toISOString()
  const { come = [], changed = [], late = [], cause = [] } = withLists(found)
  const before = stand.entries - cause.length
  const after = before + come.length - late.length
  const free = version === 0 || stand.passed || (stand.chosen && whole)
  const jumps = !free && Math.abs(after - before) > Math.max(jump * before, leastJump)
  const gone = jumps ? cause : [...cause, ...late]
  const added = jumps ? [] : come
  if (gone.length > 0)
    await tx.query('delete from blocklist_entries where org_id = $1 and list = $2 and item_id = any ($3)', [
      org,
      list,
      gone,
    ])
  if (added.length + changed.length > 0)
    await tx.query(
      `with ${exceptions}
       insert into blocklist_entries as b (org_id, list, item_id, kind, value, confidence, seen_at, ends_at, since_at, since_version)
       select $1, list, id, kind, value, confidence, seen, ends, $2, $8 from (${wanted}) w
       on conflict (org_id, list, item_id) do update set confidence = excluded.confidence, seen_at = excluded.seen_at, ends_at = excluded.ends_at`,
      [...given(org, choices, [...added, ...changed], now), version + 1],
    )
  const differs = version === 0 || gone.length + added.length > 0
  await tx.query(
    `update blocklist_lists set version = version + $4, revision = revision + $5, entries = $6, generated_at = case when $8 then $3 else generated_at end,
       changed_at = case when $4 = 1 then $3 else changed_at end, refreshed_at = case when $5 = 1 then $3 else refreshed_at end, failed_at = null,
       held = case when $7::int is not null then $7 when $8 then null else held end,
       held_at = case when $7::int is not null then coalesce(held_at, $3) when $8 then null else held_at end
     where org_id = $1 and list = $2`,
    [
      ...[org, list, at, differs ? 1 : 0, differs || changed.length > 0 ? 1 : 0],
      ...[before + added.length - (jumps ? 0 : late.length), jumps ? after : null, whole],
    ],
  )
  return jumps && stand.held === null
}

const withLists = (found: Difference | undefined) => ({
  come: found?.come ?? [],
  changed: found?.changed ?? [],
  late: found?.late ?? [],
  cause: found?.cause ?? [],
})
