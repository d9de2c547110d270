/** Vulnerabilities that a warning names, and what vendors' public advisories say of the products they are in. */
import type { KnownProduct } from '../../advisories/index.ts'
import type { Released } from '../released.ts'

export const mostCves = 50
export const mostProducts = 1_000

/** CVE numbers in the Czech and English text and the references, each once, in their order. */
export function cvesIn({ texts, refs }: Pick<Released, 'texts' | 'refs'>): string[] {
  const words = [...Object.values(texts?.cs ?? {}), ...Object.values(texts?.en ?? {}), refs ?? ''].join('\n')
  const found = words.match(/\bCVE-\d{4}-\d{4,19}\b/gi) ?? []
  return [...new Set(found.map((one) => one.toUpperCase()))].slice(0, mostCves)
}

interface Named {
  id: string
  name: string
  cpe: string | null
}

export interface Vulnerable {
  cve: string
  /** Names of advisories that say so. */
  from: string[]
  /** Status -> ids of products. */
  status: Map<KnownProduct['status'], string[]>
}

/** The worse word counts where two advisories contradict each other: a product may have one status for a vulnerability (6.1.6). */
const order: KnownProduct['status'][] = [
  'known_affected',
  'under_investigation',
  'fixed',
  'known_not_affected',
]

/** Products with ids of our own, and each vulnerability with those it is in. */
export function treeOf(known: readonly KnownProduct[]): { products: Named[]; vulnerable: Vulnerable[] } {
  const products = new Map<string, Named>()
  const vulnerable = new Map<string, Vulnerable>()
  const said = new Set<string>()
  for (const one of [...known].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))) {
    const name = [one.vendor, one.product, one.versions].filter((word) => word.trim() !== '').join(' ')
    if (name === '') continue
    const product = products.get(name) ?? { id: `P${products.size + 1}`, name, cpe: one.cpe }
    products.set(name, product)
    const of: Vulnerable = vulnerable.get(one.cve) ?? { cve: one.cve, from: [], status: new Map() }
    vulnerable.set(one.cve, of)
    const source = `${one.publisher}: ${one.trackingId}`
    if (!of.from.includes(source)) of.from.push(source)
    if (said.has(`${one.cve} ${name}`)) continue
    said.add(`${one.cve} ${name}`)
    of.status.set(one.status, [...(of.status.get(one.status) ?? []), product.id])
  }
  return { products: [...products.values()], vulnerable: [...vulnerable.values()] }
}
