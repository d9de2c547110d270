/** The matcher against what people judged, on the half it was tuned on and on the half held out. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labelledPairs, measure } from '../../../../test/interop/labelled-pairs.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { keysOf, keysOfAffected } from './keys.ts'
import { likely, matcherOf, matchOf } from './match.ts'
import { ownedOf } from './owned.ts'

const pairs = labelledPairs()
const isLikely = (asset: ProductName, affected: AffectedProduct): boolean =>
  (matchOf(asset, affected)?.sure ?? 0) >= likely

describe('the labelled pairs', () => {
  it('are many, and most of them near misses', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(170)
    expect(pairs.filter(({ match }) => !match).length).toBeGreaterThanOrEqual(85)
  })
  it('are parted by maker, alternately in the order of the alphabet', () => {
    const makers = [...new Set(pairs.map(({ by }) => by))].sort((a, b) =>
      a.toLowerCase() < b.toLowerCase() ? -1 : 1,
    )
    const halves = makers.map((maker) => pairs.find(({ by }) => by === maker)?.half)
    expect(halves).toEqual(makers.map((_, i) => (i % 2 === 0 ? 'tuning' : 'held-out')))
  })
})

describe('the matcher', () => {
  for (const half of ['tuning', 'held-out'] as const)
    it(`finds what people found and little else: ${half}`, () => {
      const measured = measure(
        pairs.filter((pair) => pair.half === half),
        isLikely,
      )
      expect(measured.recall).toBeGreaterThanOrEqual(0.95)
      expect(measured.precision).toBeGreaterThanOrEqual(0.9)
    })
  it('matches nothing of other makers', () => {
    const tuning = pairs.filter(({ half }) => half === 'tuning')
    const judged = tuning.map(({ by, affected }) => ({ by, affected, match: matcherOf(affected) }))
    const strange = tuning.flatMap(({ by, asset }) => {
      const owned = ownedOf(asset)
      return judged
        .filter((one) => one.by !== by && one.affected.vendor !== asset.vendor)
        .filter(({ match }) => (match(owned)?.sure ?? 0) >= likely)
        .map(({ affected }) => [asset, affected])
    })
    expect(strange).toEqual([])
  })
  it('matches nothing that the keys would not find', () => {
    const lost = pairs.filter(({ asset, affected }) => {
      const keys = new Set(keysOf(asset).productKeys)
      return isLikely(asset, affected) && !keysOfAffected(affected).some((key) => keys.has(key))
    })
    expect(lost).toEqual([])
  })
})

interface Branch {
  category: string
  name: string
  product?: unknown
  branches?: Branch[]
}

const data = process.env.HSOC_TEST_DATA ?? '../shared/data'
const isMissing = !existsSync(join(data, 'csaf-icsma'))
if (isMissing)
  console.error(`Skipped: no recorded advisories in ${data}; set HSOC_TEST_DATA to their folder.`)

/** "vendor | product | versions" of all leaves of an advisory's tree. */
function leaves(branches: Branch[], named: Record<string, string> = {}): string[] {
  return branches.flatMap((branch) => {
    const names = { ...named, [branch.category.replace('_range', '')]: branch.name }
    const own = branch.product
      ? [`${names.vendor} | ${names.product_name} | ${names.product_version ?? ''}`]
      : []
    return [...own, ...leaves(branch.branches ?? [], names)]
  })
}

describe.skipIf(isMissing)('each affected product', () => {
  it('stands letter by letter in its advisory', () => {
    const strange = pairs.filter(({ source, affected }) => {
      const folder = source.startsWith('ICSMA') ? 'csaf-icsma' : 'csaf-icsa'
      const { product_tree: tree } = JSON.parse(
        readFileSync(join(data, folder, `${source.toLowerCase()}.json`), 'utf8'),
      )
      return !leaves(tree.branches).includes(
        `${affected.vendor} | ${affected.product} | ${affected.versions}`,
      )
    })
    expect(strange).toEqual([])
  })
})
