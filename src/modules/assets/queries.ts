/** What an organisation runs, as the actor of the transaction may read it. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Asset, Kind } from './asset.ts'

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

const selected = `select id, org_id as org, kind, vendor, product, version, cpe, purl, runs_on as "runsOn", quantity, serials, department, zone,
  segmented, owner, patient_safety as "patientSafety", to_char(support_ends_on, 'YYYY-MM-DD') as "supportEndsOn", note, source,
  ${ms('created_at')} as "createdAt", ${ms('changed_at')} as "changedAt", ${ms('removed_at')} as "removedAt"`

/** How lists are put in order; each ends in the number, so that no two rows are equal. */
const sorts = {
  product: `lower(vendor || ' ' || product || ' ' || coalesce(version, ''))`,
  kind: 'kind',
  department: 'lower(department)',
  zone: 'lower(zone)',
  quantity: `lpad(quantity::text, 8, '0')`,
  changed: `to_char(changed_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`,
} as const
export type Sort = keyof typeof sorts
export const sortNames = Object.keys(sorts) as Sort[] // keys of the table above

export interface Filter {
  org: number
  text?: string | undefined
  kind?: Kind | undefined
  department?: string | undefined
  zone?: string | undefined
  segmented?: 'yes' | 'no' | 'unknown' | undefined
  patientSafety?: boolean | undefined
  removed?: boolean | undefined
}

export interface Order {
  by: Sort
  down: boolean
  /** The last row that was shown: its value in this order, and its number. */
  after?: { value: string; id: number } | null
}

const whereOf = `where org_id = any ((select organisation_with_merged($1))::int[]) and (removed_at is not null) = $2
  and ($3::text is null or kind = $3) and ($4::text is null or department = $4) and ($5::text is null or zone = $5)
  and ($6::text is null or segmented is not distinct from case $6 when 'yes' then true when 'no' then false end)
  and ($7::boolean is null or patient_safety = $7)
  and ($8::text is null or position(lower($8) in lower(concat_ws(' ', vendor, product, version, cpe, purl, runs_on, department, zone, owner,
    note, array_to_string(serials, ' ')))) > 0)`

const valuesOf = (filter: Filter): unknown[] => [
  ...[
    filter.org,
    filter.removed ?? false,
    filter.kind ?? null,
    filter.department ?? null,
    filter.zone ?? null,
  ],
  ...[filter.segmented ?? null, filter.patientSafety ?? null, filter.text || null],
]

/** A page of the list: at most `limit` rows behind `after`. */
export async function listAssets(
  tx: Tx,
  filter: Filter,
  order: Order,
  limit: number,
): Promise<(Asset & { place: string })[]> {
  const by = `(${sorts[order.by]}) collate "C"`
  const { rows } = await tx.query<Asset & { place: string } & Record<string, unknown>>(
    `${selected}, ${by} as place from assets ${whereOf}
     and ($9::text is null or (${by}, id) ${order.down ? '<' : '>'} ($9::text, $10::int))
     order by ${by} ${order.down ? 'desc, id desc' : ', id'} limit $11`,
    [...valuesOf(filter), order.after?.value ?? null, order.after?.id ?? null, limit],
  )
  return rows
}

export async function countAssets(tx: Tx, filter: Filter): Promise<{ rows: number; pieces: number }> {
  const { rows } = await tx.query<{ rows: number; pieces: number }>(
    `select count(*)::int as rows, coalesce(sum(quantity), 0)::float8 as pieces from assets ${whereOf}`,
    valuesOf(filter),
  )
  return rows[0] ?? { rows: 0, pieces: 0 }
}

/** Everything that an organisation runs now, in the order of the list. */
export async function everyAsset(tx: Tx, org: number): Promise<Asset[]> {
  const { rows } = await tx.query<Asset & Record<string, unknown>>(
    `${selected} from assets where org_id = any ((select organisation_with_merged($1))::int[]) and removed_at is null
     order by ${sorts.product} collate "C", id`,
    [org],
  )
  return rows
}

/** One, removed or not. Throws NotFound. */
export async function assetAt(tx: Tx, id: number): Promise<Asset> {
  const { rows } = await tx.query<Asset & Record<string, unknown>>(`${selected} from assets where id = $1`, [
    id,
  ])
  if (!rows[0]) throw new NotFound('There is no such item')
  return rows[0]
}

export interface Change {
  id: number
  at: number
  actor: string
  way: 'made' | 'changed' | 'removed' | 'restored'
  importId: number | null
  file: string | null
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** Who changed what and when, the newest first; at most 200. */
export async function historyOf(tx: Tx, id: number): Promise<Change[]> {
  const { rows } = await tx.query<Change & Record<string, unknown>>(
    `select c.id, ${ms('c.at')} as at, c.actor, c.way, c.import_id as "importId", i.file_name as file, c.before, c.after, c.org_id as org
     from asset_changes c left join asset_imports i on i.id = c.import_id where c.asset_id = $1 order by c.id desc limit 200`,
    [id],
  )
  return rows
}

/** What the organisation has written so far, to complete what is being typed; at most 300 each. */
export async function wordsUsed(
  tx: Tx,
  org: number,
): Promise<Record<'vendor' | 'product' | 'runsOn' | 'department' | 'zone' | 'owner', string[]>> {
  const used = (column: string): string =>
    `array(select ${column} from (select distinct ${column} from assets where org_id = any ((select organisation_with_merged($1))::int[])
       and removed_at is null and ${column} <> '') d order by 1 limit 300)`
  const { rows } = await tx.query<Record<string, string[]>>(
    `select ${used('vendor')} as vendor, ${used('product')} as product, ${used('runs_on')} as "runsOn", ${used('department')} as department,
       ${used('zone')} as zone, ${used('owner')} as owner`,
    [org],
  )
  return rows[0] as Awaited<ReturnType<typeof wordsUsed>> // one row with these columns
}
