/** How many of the labelled pairs the matcher judges as people did: those it was tuned on, and those held out. */
import { likely, matchOf } from '../src/modules/assets/index.ts'
import { type Half, labelledPairs, measure } from '../test/interop/labelled-pairs.ts'
import type { Figure, Options } from './report.ts'

export async function measureMatching(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  return (['tuning', 'held-out'] as const).flatMap((half) => figuresOf(half, say))
}

function figuresOf(half: Half, say: (line: string) => void): Figure[] {
  const pairs = labelledPairs().filter((pair) => pair.half === half)
  const { recall, precision } = measure(
    pairs,
    (asset, affected) => (matchOf(asset, affected)?.sure ?? 0) >= likely,
  )
  const negatives = pairs.filter(({ match }) => !match).length
  say(
    `${half}: recall ${recall}, precision ${precision} of ${pairs.length} pairs, ${negatives} of them near misses`,
  )
  const heldOut = half === 'held-out'
  const detail = { pairs: pairs.length, negatives, threshold: likely }
  return [
    {
      name: `matching recall, ${half}`,
      what: 'pairs that people matched and the matcher too',
      value: recall,
      unit: '',
      must: heldOut ? 0.95 : null,
      aim: heldOut ? 0.95 : null,
      detail,
    },
    {
      name: `matching precision, ${half}`,
      what: 'pairs that the matcher matched and people too',
      value: precision,
      unit: '',
      must: heldOut ? 0.9 : null,
      aim: heldOut ? 0.9 : null,
      detail,
    },
  ]
}
