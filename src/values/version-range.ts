/** Ranges of versions as people read them: `vers:generic/>=4.0|<4.6.2` is "≥ 4.0, < 4.6.2". */

/** Empty where all versions are meant, or nothing was said. */
export function rangeText(versions: string): string {
  const bare = versions.trim().replace(/^vers:[a-z0-9.+-]+\//i, '')
  if (bare === '*') return ''
  return bare
    .split('|')
    .map((part) => part.trim().replace(/^(>=|<=|[<>])\s*/, (_, sign: string) => `${signs[sign] ?? sign} `))
    .filter(Boolean)
    .join(', ')
}

const signs: Record<string, string> = { '>=': '≥', '<=': '≤' }

/** Whether it says by a sign that every version is meant. */
export const isEveryVersion = (versions: string): boolean =>
  versions.trim() !== '' && rangeText(versions) === ''
