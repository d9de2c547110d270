/** An organisation's lists, firewalls and exceptions, as the actor of the transaction may read them. */
import type { Queryable } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Confidence, Kind, List } from './types.ts'

const unix = (column: string): string => `extract(epoch from ${column})::float8 * 1000`
const own = `org_id = any ((select organisation_with_merged($1))::int[])`

export interface ListStand {
  list: List
  /** 0: never made. */
  version: number
  entries: number
  /** ms */
  changedAt: number
  /** How long it would be, when a jump waits for a coordinator. */
  held: number | null
  failedAt: number | null
}

export async function listStands(db: Queryable, org: number): Promise<ListStand[]> {
  const { rows } = await db.query<ListStand & Record<string, unknown>>(
    `select list, version, entries, ${unix('changed_at')} as "changedAt", held, ${unix('failed_at')} as "failedAt"
     from blocklist_lists where org_id = $1 and version > 0 order by array_position(array['ip', 'domain', 'url', 'sha256'], list)`,
    [org],
  )
  return rows
}

/** The newest version of a list that a firewall had. */
export interface Had {
  list: List
  version: number
  /** The version that there is now. */
  present: number
  at: number
  complete: boolean
}

export interface Device {
  id: number
  org: number
  label: string
  madeAt: number
  madeBy: string | null
  expiresAt: number
  /** Until when the key before the last rotation is good; null without one. */
  previousUntil: number | null
  revokedAt: number | null
  usedAt: number | null
  had: Had[]
}

const devices = `select d.id, d.org_id as org, d.label, ${unix('d.made_at')} as "madeAt", p.name as "madeBy", ${unix('d.expires_at')} as "expiresAt",
    ${unix('d.previous_until')} as "previousUntil", ${unix('d.revoked_at')} as "revokedAt", ${unix('d.used_at')} as "usedAt",
    coalesce((select json_agg(json_build_object('list', f.list, 'version', f.version, 'present', l.version, 'at', ${unix('f.last_at')}, 'complete', f.complete)
        order by f.list) from (
      select distinct on (list) list, org_id, version, last_at, complete from blocklist_fetches where device_id = d.id order by list, version desc, last_at desc) f
      join blocklist_lists l on l.org_id = f.org_id and l.list = f.list), '[]') as had
  from blocklist_devices d left join people p on p.id = d.made_by`

/** Those that may fetch first; what is over for a year is left out. */
export async function devicesOf(db: Queryable, org: number, now: number): Promise<Device[]> {
  const { rows } = await db.query<Device & Record<string, unknown>>(
    `${devices} where d.${own} and least(d.expires_at, d.revoked_at) > to_timestamp($2 / 1000.0) - interval '1 year'
     order by d.revoked_at is not null, d.id desc limit 200`,
    [org, now],
  )
  return rows
}

export async function deviceAt(db: Queryable, org: number, id: number): Promise<Device> {
  const { rows } = await db.query<Device & Record<string, unknown>>(
    `${devices} where d.${own} and d.id = $2`,
    [org, id],
  )
  if (!rows[0]) throw new NotFound('There is no such firewall.')
  return rows[0]
}

export interface Fetch {
  list: List
  version: number
  entries: number
  complete: boolean
  firstAt: number
  lastAt: number
  times: number
}

/** What a firewall fetched, the newest first. */
export async function fetchesOf(db: Queryable, device: number): Promise<Fetch[]> {
  const { rows } = await db.query<Fetch & Record<string, unknown>>(
    `select list, version, entries, complete, ${unix('first_at')} as "firstAt", ${unix('last_at')} as "lastAt", times
     from blocklist_fetches where device_id = $1 order by last_at desc, list limit 200`,
    [device],
  )
  return rows
}

export interface Entry {
  item: string
  list: List
  kind: Kind
  value: string
  confidence: Confidence
  seenAt: number
  endsAt: number
  sinceAt: number
  /** Firewalls that fetched a whole list with it, each with the moment of the first such fetch. */
  on: { label: string; at: number }[]
}

export const perPage = 100

/** By value from `after` on, one more than a page holds; `find` is a part of the value. */
export async function entriesOf(
  db: Queryable,
  org: number,
  { find, after }: { find: string; after: string },
): Promise<Entry[]> {
  const { rows } = await db.query<Entry & Record<string, unknown>>(
    `select e.item_id::text as item, e.list, e.kind, e.value, e.confidence, ${unix('e.seen_at')} as "seenAt", ${unix('e.ends_at')} as "endsAt", ${unix('e.since_at')} as "sinceAt",
       coalesce((select json_agg(json_build_object('label', d.label, 'at', f.at) order by f.at) from (
         select device_id, ${unix('min(first_at)')} as at from blocklist_fetches
         where org_id = e.org_id and list = e.list and complete and version >= e.since_version group by device_id) f
         join blocklist_devices d on d.id = f.device_id and d.revoked_at is null), '[]') as on
     from (select * from blocklist_entries where org_id = $1 and ($2 = '' or position($2 in value) > 0) and value collate "C" > $3
       order by value collate "C" limit $4) e
     order by e.value collate "C"`,
    [org, find, after, perPage + 1],
  )
  return rows
}

export interface ExceptionLine {
  id: number
  org: number
  kind: Kind
  value: string
  broke: boolean
  reason: string
  by: string | null
  device: string | null
  madeAt: number
}

export async function exceptionsOf(db: Queryable, org: number): Promise<ExceptionLine[]> {
  const { rows } = await db.query<ExceptionLine & Record<string, unknown>>(
    `select x.id, x.org_id as org, x.kind, x.value, x.broke, x.reason, p.name as by, d.label as device, ${unix('x.made_at')} as "madeAt"
     from blocklist_exceptions x left join people p on p.id = x.person_id left join blocklist_devices d on d.id = x.device_id
     where x.${own} and x.ended_at is null order by x.id desc limit 1000`,
    [org],
  )
  return rows
}
