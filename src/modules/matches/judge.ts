/** What an organisation's assets come to: which are meant, how surely and why, with what its people said of them. Pure. */
import type { AffectedProduct } from '../../values/product.ts'
import { type Decision, decided, type Reason } from '../assets/index.ts'
import type { Seen } from './gather.ts'

/** Maker, name and versions as the advisory writes them. */
export interface Named {
  vendor: string
  product: string
  versions: string
}

export interface Judged {
  asset: number
  sure: number
  why: Reason[]
  products: Named[]
  said: 'same' | 'other' | null
}

/** An organisation's part in an advisory. */
export interface Stand {
  rows: Judged[]
  /** Those that people did not call another product. */
  live: number[]
  pieces: number
  departments: number
  sure: number
  confirmed: boolean
  patientSafety: boolean
}

/** Of one asset. Beyond these nobody reads on. */
const mostProducts = 20

export function judge(seen: Iterable<Seen>, products: AffectedProduct[], decisions: Decision[]): Stand {
  const all = [...seen]
  const rows = all.map((one) => judgeOne(one, products, decisions))
  const live = rows.filter(({ said }) => said !== 'other')
  const ids = new Set(live.map(({ asset }) => asset))
  const assets = all.map(({ asset }) => asset).filter(({ id }) => ids.has(id))
  return {
    rows,
    live: [...ids],
    pieces: assets.reduce((sum, { quantity }) => sum + quantity, 0),
    departments: new Set(assets.map(({ department }) => department.trim()).filter(Boolean)).size,
    sure: Math.max(0, ...live.map(({ sure }) => sure)),
    confirmed: live.some(({ said }) => said === 'same'),
    patientSafety: assets.some(({ patientSafety }) => patientSafety),
  }
}

function judgeOne({ asset, pairs }: Seen, products: AffectedProduct[], decisions: Decision[]): Judged {
  const judged = pairs.flatMap(({ product, match }) => {
    const affected = products[product]
    if (!affected) return []
    const now = decided(match, asset, affected, decisions)
    return [{ affected, match, now, by: now?.why.some(({ about }) => about === 'person') ?? false }]
  })
  // What a person confirmed goes before what the matcher is surer of.
  const [best] = judged
    .filter(({ now }) => now !== null)
    .sort((a, b) => Number(b.by) - Number(a.by) || (b.now?.sure ?? 0) - (a.now?.sure ?? 0))
  const told = best ?? judged.sort((a, b) => b.match.sure - a.match.sure)[0]
  return {
    asset: asset.id,
    sure: best?.now?.sure ?? 0,
    // Why the matcher thinks so stays readable; who decided is asked of the decisions themselves.
    why: told?.match.why ?? [],
    products: distinct(judged.map(({ affected }) => affected)),
    said: best === undefined ? 'other' : best.by ? 'same' : null,
  }
}

function distinct(products: AffectedProduct[]): Named[] {
  const found = new Map<string, Named>()
  for (const { vendor, product, versions } of products) {
    const key = `${vendor}\n${product}`
    const known = found.get(key)
    const said = [known?.versions, versions].filter(Boolean).join('; ')
    found.set(key, { vendor, product, versions: said.slice(0, 300) })
  }
  return [...found.values()].slice(0, mostProducts)
}
