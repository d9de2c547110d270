/** One advisory's products against everybody's assets: the database finds the names that share a key, the matcher judges each once. */
import type { QueryResultRow } from 'pg'
import type { Tx } from '../../../platform/database.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { keysOfAffected } from './keys.ts'
import { likely, type Match, matcherOf } from './match.ts'
import { ownedOf } from './owned.ts'

export interface Found {
  assetId: number
  orgId: number
  /** The place of the product in what was asked. */
  product: number
  match: Match
}

interface Name extends ProductName {
  /** The digest of all that the matcher looks at. */
  digest: string
  keys: string[]
}

interface Judged {
  matches: { product: number; match: Match }[]
  /** One key, by which its assets are found again: the longest, as the fewest others have it. */
  key: string
}

const batch = 2000
const digest = 'md5((vendor, product, version, cpe, purl)::text)'
/** Of the organisations asked about, and still run. */
const theirs = 'removed_at is null and ($2::int[] is null or org_id = any ($2))'

/**
 * Every likely match of the products, in batches, so that memory does not grow with the number of assets. Runs in the
 * caller's transaction and sees what the caller may see; once in a transaction unless read to the end. Several products
 * may match one asset. `orgs`: only theirs.
 */
export async function* matchesOf(
  tx: Tx,
  products: AffectedProduct[],
  orgs: number[] | null = null,
): AsyncGenerator<Found[]> {
  const { keys, judge } = judgeOf(products)
  if (keys.length === 0) return
  // Hospitals write alike: of half a million assets a few thousand names are left.
  const asked = `
    select ${digest} as digest, min(vendor) as vendor, min(product) as product, min(version) as version,
           min(cpe) as cpe, min(purl) as purl, min(product_keys) as keys
    from assets where product_keys && $1::text[] and ${theirs} group by 1`
  for await (const rows of batches<Name>(tx, 'asked_names', asked, [keys, orgs])) {
    const judged = rows.map((row): [string, Judged] => [row.digest, judge(row)])
    const matched = new Map(judged.filter(([, { matches }]) => matches.length > 0))
    if (matched.size > 0) yield* assetsOf(tx, matched, orgs)
  }
}

/** The assets of names that matched, in an order: for a cursor without one the planner takes the way that is quick to begin and slow to end. */
async function* assetsOf(
  tx: Tx,
  judged: Map<string, Judged>,
  orgs: number[] | null,
): AsyncGenerator<Found[]> {
  const keys = [...new Set([...judged.values()].map(({ key }) => key))]
  const asked = `
    select id, org_id, ${digest} as digest from assets where product_keys && $1::text[] and ${theirs} and ${digest} = any ($3::text[])
    order by 3`
  const values = [keys, orgs, [...judged.keys()]]
  for await (const rows of batches<{ id: number; org_id: number; digest: string }>(
    tx,
    'named_assets',
    asked,
    values,
  ))
    yield rows.flatMap((row) =>
      (judged.get(row.digest)?.matches ?? []).map((match) => ({
        assetId: row.id,
        orgId: row.org_id,
        ...match,
      })),
    )
}

async function* batches<R extends QueryResultRow>(tx: Tx, cursor: string, sql: string, values: unknown[]) {
  await tx.query(`declare ${cursor} no scroll cursor for ${sql}`, values)
  for (;;) {
    const { rows } = await tx.query<R>(`fetch ${batch} from ${cursor}`)
    if (rows.length === 0) break
    yield rows
  }
  await tx.query(`close ${cursor}`)
}

function judgeOf(products: AffectedProduct[]): { keys: string[]; judge: (name: Name) => Judged } {
  const byKey = new Map<string, number[]>()
  products.forEach((said, place) => {
    for (const key of keysOfAffected(said)) byKey.set(key, [...(byKey.get(key) ?? []), place])
  })
  const matchers = products.map(matcherOf)
  const judge = ({ keys, ...name }: Name): Judged => {
    const shared = keys.filter((key) => byKey.has(key))
    const places = new Set(shared.flatMap((key) => byKey.get(key) ?? []))
    const owned = ownedOf(name)
    const matches = [...places].flatMap((product) => {
      const match = matchers[product]?.(owned)
      return match && match.sure >= likely ? [{ product, match }] : []
    })
    return {
      matches,
      key: shared.reduce((longest, key) => (key.length > longest.length ? key : longest), ''),
    }
  }
  return { keys: [...byKey.keys()], judge }
}
