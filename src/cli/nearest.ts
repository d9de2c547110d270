/** The known word that a misspelt one was probably meant to be: at most a third of its letters away, or one that begins so. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase()
  const best = known
    .map((other) => ({ other, away: distance(wanted, other.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)[0]
  if (best && best.away <= Math.max(1, Math.floor(best.other.length / 3))) return best.other
  return wanted.length > 1 ? (known.find((other) => other.startsWith(wanted)) ?? null) : null
}

/** Letters to add, remove, change or swap with their neighbour. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  )
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : 99
      const row = rows[i] as number[] // i runs over the rows made above
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped)
    }
  return at(a.length, b.length)
}
