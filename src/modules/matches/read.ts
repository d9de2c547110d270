/** Reading matches: as the actor, whose policies leave out what is another organisation's, and advisories that it may not read. */
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Reason } from '../assets/index.ts'
import type { ItemStanding } from '../warnings/index.ts'
import type { ClosedWhy } from './item.ts'
import type { Named } from './judge.ts'

export const states = ['open', 'confirmed', 'rejected', 'dealt', 'gone'] as const
export type State = (typeof states)[number]

export interface MatchLine {
  id: number
  org: number
  orgName: string
  advisory: number
  /** Version of the advisory. */
  seq: number
  title: string
  lang: string | null
  publisher: string
  trackingId: string
  tlp: string
  severity: 0 | 1 | 2 | 3 | 4
  exploited: boolean
  patientSafety: boolean
  sure: number
  pieces: number
  departments: number
  state: State
  answer: ItemStanding
  plannedOn: string | null
  affected: number | null
  conflict: boolean
  closedWhy: ClosedWhy | null
  openedAt: number
  changedAt: number
}

const ms = (column: string): string => `(extract(epoch from i.${column}) * 1000)::float8`
const columns = `i.id, i.org_id as org, o.name as "orgName", i.advisory_id as advisory, i.seq, a.title, a.lang, a.publisher,
  a.tracking_id as "trackingId", a.tlp, i.severity, i.exploited, i.patient_safety as "patientSafety", i.sure::float8 as sure, i.pieces, i.departments, i.state,
  i.answer, i.planned_on as "plannedOn", i.affected, i.conflict, i.closed_why as "closedWhy", ${ms('opened_at')} as "openedAt",
  ${ms('changed_at')} as "changedAt"`
const from =
  'from match_items i join advisories a on a.id = i.advisory_id join organisations o on o.id = i.org_id'

export interface Filters {
  /** Without: what nobody has dealt with. */
  state?: State | 'living' | 'all' | undefined
  org?: number | undefined
  /** Words of the title, the number or the maker. */
  q?: string | undefined
  safety?: boolean | undefined
  exploited?: boolean | undefined
}

function conditions(filters: Filters, values: unknown[]): string {
  const put = (value: unknown): string => `$${values.push(value)}`
  const { state = 'living' } = filters
  const parts = [
    state === 'all'
      ? 'true'
      : state === 'living'
        ? `i.state in ('open', 'confirmed')`
        : `i.state = ${put(state)}`,
  ]
  if (filters.org !== undefined) parts.push(`i.org_id = ${put(filters.org)}`)
  if (filters.safety) parts.push('i.patient_safety')
  if (filters.exploited) parts.push('i.exploited')
  for (const word of (filters.q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10))
    parts.push(`position(${put(word)} in a.words) > 0`)
  return parts.join(' and ')
}

/** By urgency: patient safety, exploited, severity, how sure. */
const order = '(i.patient_safety::int, i.exploited::int, i.severity::int, (i.sure * 1000)::int, i.id)'
export const cursorOf = (line: MatchLine): number[] => [
  ...[Number(line.patientSafety), Number(line.exploited), line.severity, Math.round(line.sure * 1000)],
  line.id,
]

/** `after`: the cursor of the last line of the page before. */
export async function listMatches(
  tx: Queryable,
  filters: Filters,
  after: number[] | null,
  limit: number,
): Promise<MatchLine[]> {
  const values: unknown[] = []
  const where = conditions(filters, values)
  const beyond = after ? `and ${order} < (${after.map((one) => `$${values.push(one)}::int`).join(', ')})` : ''
  const { rows } = await tx.query<MatchLine & Record<string, unknown>>(
    `select ${columns} ${from} where ${where} ${beyond} order by ${order} desc limit $${values.push(limit)}`,
    values,
  )
  return rows
}

export async function countMatches(tx: Queryable, filters: Filters): Promise<number> {
  const values: unknown[] = []
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n ${from} where ${conditions(filters, values)}`,
    values,
  )
  return rows[0]?.n ?? 0
}

/** Throws NotFound, also for what the reader may not know of. */
export async function matchAt(tx: Queryable, id: number): Promise<MatchLine> {
  const { rows } = await tx.query<MatchLine & Record<string, unknown>>(
    `select ${columns} ${from} where i.id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such match')
  return rows[0]
}

/** Assets that are written alike, as one. */
export interface Group {
  /** One of them, for what is said of all. */
  asset: number
  kind: 'service' | 'system' | 'software' | 'network' | 'medical'
  vendor: string
  product: string
  version: string | null
  pieces: number
  departments: { name: string; pieces: number }[]
  sure: number
  why: Reason[]
  products: Named[]
  said: 'same' | 'other' | null
}

export const mostGroups = 200

/** The surest first, what people called another product last; at most `mostGroups`. */
export async function groupsOf(tx: Queryable, id: number): Promise<Group[]> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(
    `select min(s.id) as asset, s.kind, s.vendor, s.product, s.version, sum(s.quantity)::int as pieces, max(s.sure)::float8 as sure,
       (array_agg(s.why order by s.sure desc, s.id))[1] as why, (array_agg(s.products order by s.sure desc, s.id))[1] as products,
       min(s.said) as said,
       (select jsonb_agg(jsonb_build_object('name', d.department, 'pieces', d.pieces) order by d.pieces desc, d.department) from (
          select x.department, sum(x.quantity)::int as pieces from match_assets y join assets x on x.id = y.asset_id
          where y.item_id = $1 and (x.kind, x.vendor, x.product) = (s.kind, s.vendor, s.product) and x.version is not distinct from s.version
          group by 1 limit 100) d) as departments
     from (select b.*, m.sure, m.why, m.products, m.said from match_assets m join assets b on b.id = m.asset_id where m.item_id = $1) s
     group by s.kind, s.vendor, s.product, s.version, s.said
     order by s.said = 'other' nulls first, max(s.sure) desc, sum(s.quantity) desc, min(s.id) limit $2`,
    [id, mostGroups],
  )
  return rows
}

export interface Change {
  at: number
  kind: 'opened' | 'version' | 'assets' | 'exploited' | 'closed' | 'reopened' | 'answer'
  actor: string
  detail: Record<string, unknown>
}

/** The newest first. */
export async function changesOf(tx: Queryable, id: number): Promise<Change[]> {
  const { rows } = await tx.query<Change & Record<string, unknown>>(
    `select (extract(epoch from at) * 1000)::float8 as at, kind, actor, detail from match_changes where item_id = $1 order by id desc limit 100`,
    [id],
  )
  return rows
}
