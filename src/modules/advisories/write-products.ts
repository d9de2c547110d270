/** The products of the present version, as those who match read them. */
import type { Tx } from '../../platform/database.ts'
import { type Content, type ProductStatus, productStatuses } from './content.ts'
import type { ProductLine } from './queries.ts'

interface ProductRow {
  status: ProductStatus
  ref: string
  cves: Set<string>
}

/** One row for each product and status, with the vulnerabilities for which it holds. */
function productRows(content: Content): ProductRow[] {
  const found = new Map<string, ProductRow>()
  for (const one of content.vulnerabilities)
    for (const status of productStatuses)
      for (const ref of one.products[status] ?? []) {
        const key = `${status} ${ref}`
        const row = found.get(key) ?? { status, ref, cves: new Set() }
        if (one.cve) row.cves.add(one.cve)
        found.set(key, row)
      }
  return [...found.values()]
}

/** Its products with their status. */
export function productLines(content: Content): ProductLine[] {
  const products = new Map(content.products.map((one) => [one.ref, one]))
  return productRows(content).flatMap(({ status, ref, cves }) => {
    const product = products.get(ref)
    return product ? [{ ...product, status, refs: [ref], cves: [...cves] }] : []
  })
}

/** Rows are renewed with each version. */
export async function writeProducts(tx: Tx, id: number, content: Content, isKnown: boolean): Promise<void> {
  if (isKnown) await tx.query('delete from advisory_products where advisory_id = $1', [id])
  const rows = productLines(content)
  if (rows.length > 0)
    await tx.query(
      `insert into advisory_products (advisory_id, status, vendor, product, versions, cpe, purl, name, refs, cves)
       select $1, status, vendor, product, versions, cpe, purl, name, refs, cves
       from jsonb_to_recordset($2) as r (status text, vendor text, product text, versions text, cpe text, purl text, name text, refs text[], cves text[])`,
      [id, JSON.stringify(rows)],
    )
}
