/** What vendors' public advisories say of the products that a vulnerability is in. */
import type { Queryable } from '../../platform/database.ts'
import type { AffectedProduct } from '../../values/product.ts'
import type { ProductStatus } from './content.ts'

export interface KnownProduct extends AffectedProduct {
  cve: string
  status: ProductStatus
  /** Whose advisory says so, and how it is called. */
  publisher: string
  trackingId: string
}

/** Of documents that everybody may read, the latest first; at most `most`. */
export async function knownProducts(
  db: Queryable,
  cves: readonly string[],
  most: number,
): Promise<KnownProduct[]> {
  if (cves.length === 0) return []
  const { rows } = await db.query<KnownProduct & Record<string, unknown>>(
    `select c.cve, p.status, p.vendor, p.product, p.versions, p.cpe, p.purl, a.publisher, a.tracking_id as "trackingId"
     from advisory_products p join advisories a on a.id = p.advisory_id cross join lateral unnest(p.cves) as c (cve)
     where a.kind = 'csaf' and a.tlp = 'CLEAR' and c.cve = any ($1) order by a.revised_at desc, p.id limit $2`,
    [cves, most],
  )
  return rows
}

const mostNames = 500

/** Names of makers and of their products as the advisories call them that the reader sees, those of the latest first; for completion. */
export async function knownNames(tx: Queryable): Promise<{ vendors: string[]; products: string[] }> {
  const names = async (column: 'vendor' | 'product'): Promise<string[]> => {
    const { rows } = await tx.query<{ name: string }>(
      `select name from (select p.${column} as name, max(p.advisory_id) as latest from advisory_products p join advisories a on a.id = p.advisory_id
         where p.${column} <> '' group by 1 order by 2 desc limit $1) n order by 1`,
      [mostNames],
    )
    return rows.map(({ name }) => name)
  }
  return { vendors: await names('vendor'), products: await names('product') }
}
