/** One advisory's products against everybody's assets: the database finds those that share a key, the matcher looks only at these. */
import type { Tx } from '../../../platform/database.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { keysOfAffected } from './keys.ts'
import { likely, type Match, matcherOf } from './match.ts'

export interface Found {
  assetId: number
  orgId: number
  /** The place of the product in what was asked. */
  product: number
  match: Match
}

interface Row extends ProductName {
  id: number
  org_id: number
  product_keys: string[]
}

const batch = 2000
/** Names that many hospitals write alike are judged once; so many are remembered. */
const remembered = 5000

/**
 * Every likely match of the products, in batches, so that memory does not grow with the number of assets. Runs in the
 * caller's transaction and sees what the caller may see; once in a transaction unless read to the end. Several products
 * may match one asset.
 */
export async function* matchesOf(tx: Tx, products: AffectedProduct[]): AsyncGenerator<Found[]> {
  const judge = judgeOf(products)
  if (judge.keys.length === 0) return
  await tx.query(
    `declare matched_assets no scroll cursor for
     select id, org_id, vendor, product, version, cpe, purl, product_keys
     from assets where product_keys && $1::text[]`,
    [judge.keys],
  )
  const { one } = judge
  for (let rows = await next(tx); rows.length > 0; rows = await next(tx)) {
    const found = rows.flatMap(one)
    if (found.length > 0) yield found
  }
  await tx.query('close matched_assets')
}

const next = async (tx: Tx): Promise<Row[]> =>
  (await tx.query<Row>(`fetch ${batch} from matched_assets`)).rows

function judgeOf(products: AffectedProduct[]): { keys: string[]; one: (row: Row) => Found[] } {
  const byKey = new Map<string, Set<number>>()
  products.forEach((said, place) => {
    for (const key of keysOfAffected(said)) byKey.set(key, (byKey.get(key) ?? new Set()).add(place))
  })
  const matchers = products.map(matcherOf)
  const judged = new Map<string, { product: number; match: Match }[]>()
  const one = (row: Row): Found[] => {
    const name = JSON.stringify([row.vendor, row.product, row.version, row.cpe, row.purl])
    let matches = judged.get(name)
    if (!matches) {
      const places = new Set(row.product_keys.flatMap((key) => [...(byKey.get(key) ?? [])]))
      matches = [...places].flatMap((product) => {
        const match = matchers[product]?.(row)
        return match && match.sure >= likely ? [{ product, match }] : []
      })
      if (judged.size >= remembered) judged.clear()
      judged.set(name, matches)
    }
    return matches.map((match) => ({ assetId: row.id, orgId: row.org_id, ...match }))
  }
  return { keys: [...byKey.keys()], one }
}
