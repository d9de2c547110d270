/** An advisory as it is compared with inventories. */
import type { Tx } from '../../platform/database.ts'
import type { AffectedProduct } from '../../values/product.ts'
import { isWithdrawn } from '../advisories/index.ts'

/** Why nobody is matched with it: something else says it better, or its publisher took it back. */
export type Silent = 'covered' | 'withdrawn'

export interface Subject {
  id: number
  seq: number
  /** 0 to 4; medium where nothing says. */
  severity: number
  exploited: boolean
  patientSafety: boolean
  readers: number[]
  products: AffectedProduct[]
  silent: Silent | null
  /** Milliseconds; when it came here in this version, and when its publisher revised it. */
  changedAt: number
  revisedAt: number
  /** Since when the catalogue of exploited vulnerabilities has what it tells of; null where it has not. */
  kevAt: number | null
}

interface Row {
  id: number
  seq: number
  severity: number
  exploited: boolean
  patientSafety: boolean
  readers: number[]
  kind: string
  kev: boolean
  coveringId: number | null
  title: string
  category: string
  changedAt: number
  revisedAt: number
  kevAt: number | null
}

const medium = 2

/** The present version; null where there is none. As the program. */
export async function subjectAt(tx: Tx, id: number): Promise<Subject | null> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    `select a.id, a.seq, coalesce(a.severity, ${medium})::int as severity, a.exploited, a.patient_safety as "patientSafety", a.readers, a.kind, a.kev,
       a.covering_id as "coveringId", a.title, coalesce(v.content->>'category', '') as category,
       (extract(epoch from a.changed_at) * 1000)::float8 as "changedAt", (extract(epoch from a.revised_at) * 1000)::float8 as "revisedAt",
       (select extract(epoch from max(e.added_on)) * 1000 from kev_entries e where e.cve = any (a.cves) and e.gone_at is null)::float8 as "kevAt"
     from advisories a left join advisory_versions v on v.advisory_id = a.id and v.seq = a.seq where a.id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) return null
  const silent = silentOf(row)
  const { kind: _kind, kev: _kev, coveringId: _covering, title: _title, category: _category, ...kept } = row
  return { ...kept, silent, products: silent === null ? await productsOf(tx, id) : [] }
}

function silentOf({ kind, kev, coveringId, title, category }: Row): Silent | null {
  if (coveringId !== null) return 'covered'
  // An entry that is no longer in the catalogue of exploited vulnerabilities.
  if (kind === 'kev' && !kev) return 'withdrawn'
  return isWithdrawn({ category, title }) ? 'withdrawn' : null
}

async function productsOf(tx: Tx, id: number): Promise<AffectedProduct[]> {
  const { rows } = await tx.query<AffectedProduct & Record<string, unknown>>(
    `select vendor, product, versions, cpe, purl from advisory_products where advisory_id = $1 and status = 'known_affected'
     group by vendor, product, versions, cpe, purl order by min(id)`,
    [id],
  )
  return rows
}
