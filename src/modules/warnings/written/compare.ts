/** What changed between two versions, field by field; long texts by their paragraphs. */
import { parts, type Version } from './types.ts'

export interface Changed {
  /** `texts.cs.todo`, `tlp`, `audience`, … */
  field: string
  before: string
  after: string
}

const plain = ['kind', 'severity', 'tlp', 'audience', 'actionBy', 'refs'] as const

export type Compared = Pick<Version, (typeof plain)[number] | 'texts'>

/** In the order of the page; empty when only what readers do not see was changed. */
export function changesBetween(before: Compared, after: Compared): Changed[] {
  const changes: Changed[] = []
  for (const field of plain)
    if (before[field] !== after[field])
      changes.push({ field, before: String(before[field] ?? ''), after: String(after[field] ?? '') })
  for (const lang of ['cs', 'en'] as const)
    for (const part of parts)
      for (const one of paragraphsBetween(before.texts[lang][part], after.texts[lang][part]))
        changes.push({ field: `texts.${lang}.${part}`, ...one })
  return changes
}

/** At most so many paragraphs are compared one by one; a longer text is shown whole. */
const most = 400

/** Paragraphs that went and came, in pairs in their order; what stayed is left out. */
export function paragraphsBetween(before: string, after: string): { before: string; after: string }[] {
  if (before === after) return []
  const [a, b] = [before, after].map((text) => text.split(/\n+/).filter((line) => line.trim() !== '')) as [
    string[],
    string[],
  ]
  if (a.length > most || b.length > most) return [{ before, after }]
  const kept = longestCommon(a, b)
  const pairs: { before: string; after: string }[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...kept, [a.length, b.length] as const]) {
    const gone = a.slice(i, x).join('\n')
    const came = b.slice(j, y).join('\n')
    if (gone !== '' || came !== '') pairs.push({ before: gone, after: came })
    i = x + 1
    j = y + 1
  }
  return pairs
}

/** Places of the longest common subsequence, in order. */
function longestCommon(a: string[], b: string[]): (readonly [number, number])[] {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = length[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const places: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) places.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  return places
}
