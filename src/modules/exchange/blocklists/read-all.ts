/** What coordinators see of all blocklists: what waits for them, items with who says so, and which firewalls are behind. */
import type { Queryable } from '../../../platform/database.ts'
import type { Hit } from '../../events/index.ts'
import type { Kind, List, Source } from './types.ts'

const unix = (column: string): string => `extract(epoch from ${column})::float8 * 1000`
const waits = `(i.hits is not null and i.overruled_at is null and i.state <> 'withdrawn' or i.state = 'withdrawn' and i.closed_why = 'false-positive'
  or i.reported_at is not null and i.state not in ('expired', 'withdrawn'))`

export interface ItemLine {
  id: string
  kind: Kind
  value: string
  state: 'candidate' | 'confirmed' | 'listed' | 'expired' | 'withdrawn'
  seenAt: number
  endsAt: number
  closedWhy: 'source' | 'coordinator' | 'false-positive' | null
  reason: string
  hits: Hit[] | null
  overruled: boolean
  /** Two organisations reported it, yet it stays listed until a coordinator has decided. */
  reported: boolean
  sources: { source: Source; ref: string; observers: number; reason: string }[]
  /** On so many organisations' lists, and on so many firewalls that fetched it, since when. */
  organisations: number
  firewalls: number
  firstAt: number | null
  /** Organisations whose care it broke. */
  broke: string[]
}

const items = `select i.id::text, i.kind, i.value, i.state, ${unix('i.seen_at')} as "seenAt", ${unix('i.ends_at')} as "endsAt", i.closed_why as "closedWhy", i.reason,
    i.hits, i.overruled_at is not null as overruled, i.reported_at is not null as reported,
    coalesce((select json_agg(json_build_object('source', s.source, 'ref', s.ref::text, 'observers', s.observers, 'reason', s.reason) order by s.source, s.ref)
      from blocklist_sources s where s.item_id = i.id and s.ended_at is null), '[]') as sources,
    (select count(*)::int from blocklist_entries e where e.item_id = i.id) as organisations,
    f.firewalls, f.first as "firstAt",
    coalesce((select json_agg(distinct o.name) from blocklist_exceptions x join organisations o on o.id = x.org_id
      where x.broke and x.ended_at is null and x.kind = i.kind and x.value = i.value), '[]') as broke
  from blocklist_items i
  cross join lateral (select count(distinct f.device_id)::int as firewalls, ${unix('min(f.first_at)')} as first
    from blocklist_entries e join blocklist_fetches f on f.org_id = e.org_id and f.list = e.list and f.complete and f.version >= e.since_version
    where e.item_id = i.id) f`

export const mostItems = 100

/** Items that wait for a decision, the oldest first. */
export async function waitingItems(db: Queryable): Promise<ItemLine[]> {
  const { rows } = await db.query<ItemLine & Record<string, unknown>>(
    `${items} where ${waits} order by coalesce(i.hit_at, i.reported_at, i.closed_at), i.id limit $1`,
    [mostItems],
  )
  return rows
}

/** Items in all their states, the newest first; `find` is a part of the value. */
export async function foundItems(db: Queryable, find: string): Promise<ItemLine[]> {
  const { rows } = await db.query<ItemLine & Record<string, unknown>>(
    `${items} where $2 = '' or position($2 in i.value) > 0 order by i.id desc limit $1`,
    [mostItems, find],
  )
  return rows
}

/** Items, held jumps and failures that wait for a coordinator. */
export async function countWaiting(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select case when (select actor_coordinates()) then (select count(*)::int from blocklist_items i where ${waits})
       + (select count(*)::int from blocklist_lists where held is not null or failed_at is not null) else 0 end as n`,
  )
  return rows[0]?.n ?? 0
}

export interface Trouble {
  list: List
  orgs: number[]
  names: string[]
  /** The longest that one of them would be, and how long that is now. */
  held: number | null
  entries: number
  since: number
}

/** Lists of organisations that wait for a word because of a jump, or that could not be made. */
export async function troubles(db: Queryable): Promise<Trouble[]> {
  const { rows } = await db.query<Trouble & Record<string, unknown>>(
    `select l.list, array_agg(l.org_id) as orgs, array_agg(o.name order by o.name collate "cs-x-icu") as names, max(l.held) as held, max(l.entries) as entries,
       ${unix('min(coalesce(l.held_at, l.failed_at))')} as since
     from blocklist_lists l join organisations o on o.id = l.org_id where l.held is not null or l.failed_at is not null
     group by l.list, l.held is null order by 1`,
  )
  return rows
}

export interface Protected {
  org: number
  name: string
  devices: number
  /** Firewalls that had the present version of every list that they fetch. */
  current: number
  lastAt: number | null
  entries: number
}

/** Each organisation with a firewall: who fetched when, and whether it has what there is now. */
export async function protection(db: Queryable, now: number): Promise<Protected[]> {
  const { rows } = await db.query<Protected & Record<string, unknown>>(
    `select o.id as org, o.name, count(*)::int as devices, count(*) filter (where f.lists > 0 and f.behind = 0)::int as current, ${unix('max(f.last)')} as "lastAt",
       (select coalesce(sum(entries), 0)::int from blocklist_lists l where l.org_id = o.id) as entries
     from blocklist_devices d join organisations o on o.id = d.org_id
     cross join lateral (select count(*) as lists, count(*) filter (where x.version < l.version) as behind, max(x.last_at) as last from (
       select distinct on (list) list, version, last_at from blocklist_fetches where device_id = d.id order by list, version desc) x
       join blocklist_lists l on l.org_id = o.id and l.list = x.list) f
     where d.revoked_at is null and d.expires_at > to_timestamp($1 / 1000.0)
     group by o.id, o.name order by o.name collate "cs-x-icu"`,
    [now],
  )
  return rows
}

export interface NeverLine {
  id: number
  value: string
  reason: string
  by: string | null
  addedAt: number
}

export async function neverEntries(db: Queryable): Promise<NeverLine[]> {
  const { rows } = await db.query<NeverLine & Record<string, unknown>>(
    `select n.id, n.value, n.reason, p.name as by, ${unix('n.added_at')} as "addedAt"
     from blocklist_never n left join people p on p.id = n.added_by where n.removed_at is null order by n.id desc limit 500`,
  )
  return rows
}
