/** What pages and the API read, inside `asActor`: row-level security decides what there is to read. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Cursor } from '../../platform/paging.ts'
import type { AffectedProduct } from '../../values/product.ts'
import type { Content, Flag, Kind, ProductStatus } from './content.ts'
import { type Differences, differencesOf } from './differences.ts'
import type { AdvisoryTlp } from './labels.ts'
import { type Waiting, waitingOf } from './second.ts'

export interface AdvisoryLine {
  id: number
  kind: Kind
  trackingId: string
  publisher: string
  sourceId: number
  source: string
  title: string
  lang: string | null
  version: string
  seq: number
  state: Content['state']
  tlp: AdvisoryTlp
  severity: 0 | 1 | 2 | 3 | 4 | null
  score: number | null
  exploited: boolean
  kev: boolean
  /** `2026-02-22` */
  dueOn: string | null
  patientSafety: boolean
  cves: string[]
  flags: Flag[]
  coveredBy: number | null
  /** A version of it waits for another coordinator; false for whoever does not coordinate. */
  waits: boolean
  /** Milliseconds since 1970. */
  releasedAt: number
  revisedAt: number
  takenAt: number
  changedAt: number
  shownAt: number
}

export interface Filters {
  q?: string | undefined
  source?: number | undefined
  /** At least. */
  severity?: number | undefined
  exploited?: boolean | undefined
  safety?: boolean | undefined
  /** Also entries of the catalogue of which an advisory says more. */
  covered?: boolean | undefined
  /** Those of which a version waits for another coordinator. */
  waiting?: boolean | undefined
}

const isWaiting =
  'exists (select 1 from advisory_confirmations c where c.advisory_id = a.id and c.confirmed_at is null)'

const ms = (column: string): string => `(extract(epoch from a.${column}) * 1000)::float8`

const columns = `a.id, a.kind, a.tracking_id as "trackingId", a.publisher, a.source_id as "sourceId", coalesce(s.label, '') as source, a.title, a.lang,
  a.version, a.seq, a.state, a.tlp, a.severity, a.score::float8 as score, a.exploited, a.kev, a.due_on as "dueOn", a.patient_safety as "patientSafety",
  a.cves, a.flags, a.covering_id as "coveredBy", ${isWaiting} as waits, ${ms('released_at')} as "releasedAt", ${ms('revised_at')} as "revisedAt",
  ${ms('taken_at')} as "takenAt", ${ms('changed_at')} as "changedAt", ${ms('shown_at')} as "shownAt"`
const from = 'from advisories a left join advisory_source_names() s on s.id = a.source_id'

function conditions(filters: Filters, values: unknown[]): string {
  const put = (value: unknown): string => `$${values.push(value)}`
  const parts = ['true']
  const words = (filters.q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10)
  for (const word of words) parts.push(`position(${put(word)} in a.words) > 0`)
  if (filters.source !== undefined) parts.push(`a.source_id = ${put(filters.source)}`)
  if (filters.severity !== undefined) parts.push(`a.severity >= ${put(filters.severity)}`)
  if (filters.exploited) parts.push('a.exploited')
  if (filters.safety) parts.push('a.patient_safety')
  if (filters.waiting) parts.push(isWaiting)
  if (!filters.covered) parts.push('a.covering_id is null')
  return parts.join(' and ')
}

/** Latest first, from after the cursor. */
export async function advisories(
  tx: Tx,
  filters: Filters,
  cursor: Cursor | null,
  limit: number,
): Promise<AdvisoryLine[]> {
  const values: unknown[] = []
  const where = conditions(filters, values)
  const after = cursor
    ? `and (a.shown_at, a.id) < (to_timestamp($${values.push(cursor.at)} / 1000.0), $${values.push(cursor.id)}::int)`
    : ''
  const { rows } = await tx.query<AdvisoryLine & Record<string, unknown>>(
    `select ${columns} ${from} where ${where} ${after} order by a.shown_at desc, a.id desc limit $${values.push(limit)}`,
    values,
  )
  return rows
}

export async function countAdvisories(tx: Tx, filters: Filters): Promise<number> {
  const values: unknown[] = []
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from advisories a where ${conditions(filters, values)}`,
    values,
  )
  return rows[0]?.n ?? 0
}

/** Of which the reader may read something. */
export async function sourceNames(tx: Tx): Promise<{ id: number; label: string }[]> {
  const { rows } = await tx.query<{ id: number; label: string }>(
    'select id, label from advisory_source_names() order by lower(label)',
  )
  return rows
}

export interface VersionLine {
  seq: number
  version: string
  signature: 'good' | 'none' | 'unchecked'
  hashChecked: boolean
  flags: Flag[]
  revisedAt: number
  takenAt: number
  /** What the publisher says of it. */
  said: string
}

export interface ProductLine extends AffectedProduct {
  status: ProductStatus
  name: string
  refs: string[]
  cves: string[]
}

export interface Advisory {
  line: AdvisoryLine
  /** Of the version that is shown. */
  content: Content
  seq: number
  versions: VersionLine[]
  /** What waits for another coordinator: for coordinators, else null. */
  waiting: Waiting | null
  /** Against the version before it; null for the first. */
  differences: Differences | null
  /** Of the present version, at most `mostShown`. */
  products: ProductLine[]
  productCount: number
}

const mostShown = 500

async function contentAt(tx: Tx, id: number, seq: number): Promise<Content | null> {
  const { rows } = await tx.query<{ content: Content }>(
    'select content from advisory_versions where advisory_id = $1 and seq = $2',
    [id, seq],
  )
  return rows[0]?.content ?? null
}

async function versionsOf(tx: Tx, id: number): Promise<VersionLine[]> {
  const { rows } = await tx.query<VersionLine & { revisions: Content['revisions'] }>(
    `select v.seq, v.version, v.signature, v.hash_checked as "hashChecked", v.flags, v.content->'revisions' as revisions,
       (extract(epoch from v.revised_at) * 1000)::float8 as "revisedAt", (extract(epoch from v.taken_at) * 1000)::float8 as "takenAt"
     from advisory_versions v where v.advisory_id = $1 order by v.seq desc limit 100`,
    [id],
  )
  return rows.map(({ revisions, ...row }) => ({
    ...row,
    said: revisions.find(({ number }) => number === row.version)?.text ?? '',
  }))
}

async function productsOf(tx: Tx, id: number, limit: number): Promise<ProductLine[]> {
  const { rows } = await tx.query<ProductLine & Record<string, unknown>>(
    `select status, vendor, product, versions, cpe, purl, name, refs, cves from advisory_products
     where advisory_id = $1 order by status = 'known_affected' desc, status, id limit $2`,
    [id, limit],
  )
  return rows
}

/** The present version with what changed since an earlier one. Throws NotFound. */
export async function advisorySince(tx: Tx, id: number, seq: number): Promise<Advisory> {
  const found = await advisoryAt(tx, id, null)
  const before = seq < found.seq ? await contentAt(tx, id, seq) : null
  return { ...found, differences: before ? differencesOf(before, found.content) : null }
}

/** Throws NotFound, also for what the reader may not know of. `seq` null: the present version. */
export async function advisoryAt(
  tx: Tx,
  id: number,
  seq: number | null,
  most = mostShown,
): Promise<Advisory> {
  const { rows } = await tx.query<AdvisoryLine & Record<string, unknown>>(
    `select ${columns} ${from} where a.id = $1`,
    [id],
  )
  const line = rows[0]
  const content = line ? await contentAt(tx, id, seq ?? line.seq) : null
  if (!line || !content) throw new NotFound('There is no such advisory')
  const shown = seq ?? line.seq
  const before = shown > 1 ? await contentAt(tx, id, shown - 1) : null
  const { rows: counted } = await tx.query<{ n: number }>(
    'select count(*)::int as n from advisory_products where advisory_id = $1',
    [id],
  )
  return {
    line,
    content,
    seq: shown,
    versions: await versionsOf(tx, id),
    waiting: line.waits ? await waitingOf(tx, id) : null,
    differences: before ? differencesOf(before, content) : null,
    products: await productsOf(tx, id, most),
    productCount: counted[0]?.n ?? 0,
  }
}
