/** What of whose inventory an advisory may mean, and which of its names mean too much to be told to anybody unseen. */
import type { Tx } from '../../platform/database.ts'
import { least } from '../../values/bands.ts'
import type { AffectedProduct } from '../../values/product.ts'
import { type Match, matchesOf } from '../assets/index.ts'

export interface Owned {
  id: number
  org: number
  vendor: string
  product: string
  vendorKey: string
  quantity: number
  department: string
  patientSafety: boolean
}

export interface Seen {
  asset: Owned
  /** `product`: its place in what was asked. */
  pairs: { product: number; match: Match }[]
}

/** A name of the advisory that matches too much. */
export interface Wide {
  vendor: string
  product: string
  names: number
  makers: number
}

export interface Gathered {
  byOrg: Map<number, Map<number, Seen>>
  wide: Wide[]
}

/** From so many makers on a name says nothing of one product; those that only spell theirs otherwise do not count. */
const mostMakers = 5
/** Different names of products in inventories. */
const mostNames = 100
/** Of one advisory; more is no news but a mistake, and would fill the memory. */
const mostPairs = 200_000

interface Tally {
  vendor: string
  product: string
  names: Set<string>
  makers: Set<string>
  orgs: Set<number>
  wide: boolean
}

/** `released`: names (as `nameKey`) that a coordinator let go. `orgs`: only theirs; then nothing is too wide. */
export async function gather(
  tx: Tx,
  products: AffectedProduct[],
  orgs: number[] | null,
  released: ReadonlySet<string>,
): Promise<Gathered> {
  const byOrg = new Map<number, Map<number, Seen>>()
  const tallies = new Map<string, Tally>()
  let pairs = 0
  for await (const batch of matchesOf(tx, products, orgs)) {
    const assets = await assetsAt(tx, [...new Set(batch.map(({ assetId }) => assetId))])
    for (const { assetId, product, match } of batch) {
      const asset = assets.get(assetId)
      const said = products[product]
      if (!asset || !said) continue
      const tally = tallyOf(tallies, said)
      count(tally, asset, match)
      if (orgs === null && !released.has(nameKey(said)) && isWide(tally, pairs)) tally.wide = true
      if (tally.wide) continue
      pairs += 1
      put(byOrg, asset, { product, match })
    }
  }
  const wide = [...tallies.values()].filter((one) => one.wide)
  if (wide.length > 0) leaveOut(byOrg, products, new Set(wide.map(nameKey)))
  return {
    byOrg,
    wide: wide.map(({ vendor, product, names, makers }) => ({
      ...{ vendor, product, names: names.size, makers: makers.size },
    })),
  }
}

export const nameKey = ({ vendor, product }: { vendor: string; product: string }): string =>
  `${vendor}\n${product}`

function tallyOf(tallies: Map<string, Tally>, said: AffectedProduct): Tally {
  const known = tallies.get(nameKey(said))
  if (known) return known
  const { vendor, product } = said
  const made = {
    vendor,
    product,
    names: new Set<string>(),
    makers: new Set<string>(),
    orgs: new Set<number>(),
  }
  const tally = { ...made, wide: false }
  tallies.set(nameKey(said), tally)
  return tally
}

/** Of an advisory whose maker the inventory names, other spellings are no other makers. */
const ownMaker = new Set(['same', 'alias', 'alike'])

function count(tally: Tally, asset: Owned, { why }: Match): void {
  tally.orgs.add(asset.org)
  if (tally.names.size <= 10 * mostNames) tally.names.add(`${asset.vendor} ${asset.product}`.toLowerCase())
  const vendor = why.find((one) => one.about === 'vendor')
  if (asset.vendorKey !== '' && vendor?.about === 'vendor' && !ownMaker.has(vendor.how))
    tally.makers.add(asset.vendorKey)
}

/** Never of fewer than five organisations: what coordinators are told of it names nobody. */
const isWide = ({ orgs, makers, names }: Tally, pairs: number): boolean =>
  orgs.size >= least && (makers.size > mostMakers || names.size > mostNames || pairs >= mostPairs)

function put(byOrg: Gathered['byOrg'], asset: Owned, pair: Seen['pairs'][number]): void {
  const own = byOrg.get(asset.org) ?? new Map<number, Seen>()
  byOrg.set(asset.org, own)
  const seen = own.get(asset.id) ?? { asset, pairs: [] }
  own.set(asset.id, seen)
  seen.pairs.push(pair)
}

/** Takes away what names of the advisory brought; what another name brought stays. */
export function leaveOut(
  byOrg: Gathered['byOrg'],
  products: AffectedProduct[],
  names: ReadonlySet<string>,
): void {
  for (const [org, own] of byOrg) {
    for (const [id, seen] of own) {
      seen.pairs = seen.pairs.filter(({ product }) => !names.has(nameKey(products[product] ?? nobody)))
      if (seen.pairs.length === 0) own.delete(id)
    }
    if (own.size === 0) byOrg.delete(org)
  }
}

const nobody = { vendor: '', product: '' }

async function assetsAt(tx: Tx, ids: number[]): Promise<Map<number, Owned>> {
  const { rows } = await tx.query<Owned & Record<string, unknown>>(
    `select id, org_id as org, vendor, product, coalesce(vendor_key, '') as "vendorKey", quantity, department, patient_safety as "patientSafety"
     from assets where id = any ($1)`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}
