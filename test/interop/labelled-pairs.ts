/** The labelled pairs, and how a matcher does on them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectRoot } from '../../src/platform/content.ts'
import type { AffectedProduct, ProductName } from '../../src/values/product.ts'

const half = z.enum(['tuning', 'held-out'])
const cpe = z.string().nullable().default(null)
const purl = z.string().nullable().default(null)
const file = z.object({
  halves: z.record(z.string(), half),
  pairs: z.array(
    z.object({
      by: z.string(),
      source: z.string(),
      match: z.boolean(),
      why: z.string().min(5),
      asset: z.object({ vendor: z.string(), product: z.string(), version: z.string().nullable(), cpe, purl }),
      affected: z.object({ vendor: z.string(), product: z.string(), versions: z.string(), cpe, purl }),
    }),
  ),
})

export type Half = z.infer<typeof half>
export type Pair = z.infer<typeof file>['pairs'][number] & { half: Half }

export function labelledPairs(): Pair[] {
  const path = join(projectRoot, 'src/modules/assets/matching/labelled-pairs.yaml')
  const { halves, pairs } = file.parse(parse(readFileSync(path, 'utf8')))
  return pairs.map((pair) => {
    const of = halves[pair.by]
    if (!of) throw new Error(`${pair.by} is in neither half`)
    return { ...pair, half: of }
  })
}

export interface Measured {
  pairs: number
  recall: number
  precision: number
  missed: Pair[]
  wrong: Pair[]
}

/** Recall and precision of a judgement over pairs. */
export function measure(
  pairs: Pair[],
  isMatch: (asset: ProductName, affected: AffectedProduct) => boolean,
): Measured {
  const missed = pairs.filter((pair) => pair.match && !isMatch(pair.asset, pair.affected))
  const wrong = pairs.filter((pair) => !pair.match && isMatch(pair.asset, pair.affected))
  const positives = pairs.filter(({ match }) => match).length
  const found = positives - missed.length
  const share = (part: number, all: number): number =>
    all === 0 ? 1 : Math.round((part / all) * 1000) / 1000
  return {
    pairs: pairs.length,
    recall: share(found, positives),
    precision: share(found, found + wrong.length),
    missed,
    wrong,
  }
}
