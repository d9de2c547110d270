/** Names folded for comparison: without case, accents, marks and punctuation, bounded in length. */

const longest = 240
/** Words of a name that are looked at; no real product has more. */
const mostWords = 32

const written: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd' }

/** "Yhtymä" that was read in the wrong encoding on its way, as one of the recorded advisories has it. */
function mended(text: string): string {
  if (!/[ÃÅÄ][\u0080-\u00bf]/.test(text)) return text
  const again = Buffer.from(text, 'latin1').toString('utf8')
  return again.includes('\uFFFD') ? text : again
}

const bare = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '')

/** "Dräger® Infinity-C700" is "drager infinity c700"; a plus that belongs to a word is the word "plus". */
export function fold(text: string): string {
  return bare(bare(mended(text.slice(0, 4 * longest))).toLowerCase())
    .slice(0, longest)
    .replace(/[ßøæœłđ]/g, (letter) => written[letter] ?? letter)
    .replace(/['’`´®™©]/g, '')
    .replace(/(?<=[a-z0-9])\+/g, ' plus ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export const wordsOf = (text: string): string[] =>
  fold(text)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, mostWords)

/** Edits (insertion, removal, change, exchange of neighbours) between two words, or more than `most`. */
export function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: number[], j: number): number => row[j] ?? 0

/** Long words that a typing error parts; never short ones, nor anything with a digit. */
export function misspelt(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length)
  if (length < 6 || /\d/.test(a + b)) return false
  const most = length >= 10 ? 2 : 1
  return edits(a, b, most) <= most
}

/** Neighbouring words joined, from each place on, `most` of them at the longest: "supply station" is also "supplystation". */
export function* joins(words: string[], most: number): Generator<{ from: number; to: number; text: string }> {
  for (let from = 0; from < words.length; from++) {
    let text = ''
    for (let to = from; to < Math.min(words.length, from + most); to++) {
      text += words[to]
      yield { from, to: to + 1, text }
    }
  }
}
