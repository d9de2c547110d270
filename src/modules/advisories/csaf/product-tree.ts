/** CSAF 2.0, 3.2.2: the tree of products, and products made of others, as one list. */
import type { Product } from '../content.ts'
import { line } from '../plain.ts'
import { cpeOf, purlOf } from './names.ts'

type Loose = Record<string, unknown>

export const record = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {}
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export interface Tree {
  products: Map<string, Product>
  /** Products that a group names. */
  groups: Map<string, string[]>
  /** A product made of itself, by any number of steps. */
  circle: boolean
}

/** What the branches above a product say of it. */
interface Above {
  vendor: string
  family: string
  product: string
  version: string
  more: string[]
}

const top: Above = { vendor: '', family: '', product: '', version: '', more: [] }
const nameLength = 1_000

function below(above: Above, category: unknown, name: string): Above {
  switch (category) {
    case 'vendor':
      return { ...above, vendor: name }
    case 'product_family':
      return { ...above, family: name }
    case 'product_name':
      return { ...above, product: name }
    case 'product_version':
    case 'product_version_range':
      return { ...above, version: name }
    case 'patch_level':
    case 'service_pack':
      return { ...above, more: [...above.more, name].slice(0, 5) }
    default:
      return above
  }
}

function productOf(value: unknown, above: Above): Product | null {
  const one = record(value)
  if (typeof one.product_id !== 'string') return null
  const helper = record(one.product_identification_helper)
  const name = line(one.name, nameLength)
  return {
    ref: line(one.product_id, nameLength),
    name,
    vendor: above.vendor,
    product: above.product || above.family || name,
    versions: line([above.version, ...above.more].filter(Boolean).join(' '), nameLength),
    cpe: cpeOf(helper.cpe),
    purl: purlOf(helper.purl ?? list(helper.purls)[0]),
  }
}

/** How deep branches may lie: real trees have three or four steps. */
const deepest = 30

function walk(branches: unknown, above: Above, depth: number, found: Map<string, Product>): void {
  if (depth > deepest) return
  for (const branch of list(branches).map(record)) {
    const here = below(above, branch.category, line(branch.name, nameLength))
    add(found, productOf(branch.product, here))
    walk(branch.branches, here, depth + 1, found)
  }
}

const add = (found: Map<string, Product>, one: Product | null): void => {
  if (one && !found.has(one.ref)) found.set(one.ref, one)
}

interface Relation {
  own: Product
  /** The part. */
  part: string
  /** What it is in or on. */
  whole: string
  isComponent: boolean
}

function relationsIn(tree: Loose): Map<string, Relation> {
  const found = new Map<string, Relation>()
  for (const one of list(tree.relationships).map(record)) {
    const own = productOf(one.full_product_name, top)
    if (own && !found.has(own.ref))
      found.set(own.ref, {
        own,
        part: line(one.product_reference, nameLength),
        whole: line(one.relates_to_product_reference, nameLength),
        isComponent: typeof one.category === 'string' && one.category.endsWith('component_of'),
      })
  }
  return found
}

/**
 * A product made of two is known by the one that its owner would name: the whole of which the other is a component, or
 * what was installed on or with something. Follows at most `deepest` steps; a circle is left where it closes.
 */
function resolve(tree: Tree, relations: Map<string, Relation>): void {
  for (const [ref, { own }] of relations) {
    const seen = new Set<string>([ref])
    let at = relations.get(ref)
    let named: Product | undefined
    while (at && !named && seen.size <= deepest) {
      const next: string = at.isComponent ? at.whole : at.part
      named = relations.has(next) ? undefined : tree.products.get(next)
      at = seen.has(next) ? undefined : relations.get(next)
      if (seen.has(next)) tree.circle = true
      seen.add(next)
    }
    const { vendor, product, versions, cpe, purl } = named ?? own
    tree.products.set(ref, { ...own, vendor, product, versions, cpe: own.cpe ?? cpe, purl: own.purl ?? purl })
  }
}

export function productTree(value: unknown): Tree {
  const raw = record(value)
  const tree: Tree = { products: new Map(), groups: new Map(), circle: false }
  walk(raw.branches, top, 0, tree.products)
  for (const one of list(raw.full_product_names)) add(tree.products, productOf(one, top))
  resolve(tree, relationsIn(raw))
  for (const group of list(raw.product_groups).map(record))
    tree.groups.set(
      line(group.group_id, nameLength),
      list(group.product_ids).map((id) => line(id, nameLength)),
    )
  return tree
}
