/** Versions of mixed forms, compared part by part: "2.3", "v2.3", "R4.1L1", "B.06.18", "1.8.4 SP1", "VM5.0", "8.0.x". */

export interface Version {
  /** Letters that stand right before the number and name a series: "vm" of "VM5.0". */
  label: string
  parts: (number | string)[]
  /** "8.0.x": whatever begins so. */
  family: boolean
}

const longest = 60
const mostParts = 16
/** "v2.3", "ver. 2.3", "Rev C": words before the version itself. */
const prefix =
  /^(?:versions?|verze|vers|ver|v|revision|revize|rev|release|rel|r|software|sw|firmware|fw)(?:[.:]?(?=\d)|[.:]?\s+(?=\d|[a-z](?:[.\s]|$)|[a-z]{1,3}\d))/
/** Letters that may follow a number. */
const suffixes = new Set([
  'sp',
  'sr',
  'build',
  'rc',
  'beta',
  'alpha',
  'pre',
  'mr',
  'hf',
  'patch',
  'hotfix',
  'update',
  'rev',
  'fix',
  'cu',
])
const early = ['dev', 'alpha', 'beta', 'pre', 'preview', 'snapshot', 'rc']

/** Null for what is no version: words, dates, nothing. */
export function parseVersion(text: string): Version | null {
  const steps = stepsOf(text)
  if (steps.length === 0 || steps.length > mostParts) return null
  const wild = steps.findIndex((step) => /^(?:x+|\*|\d+x)$/.test(step))
  if (wild === 0) return null
  const fixed = wild === -1 ? steps : steps.slice(0, wild)
  if (!fixed.every((step, i) => isStep(step, i))) return null
  const [first = '', ...rest] = fixed
  const [, label = '', number = ''] = /^([a-z]{2,}|[a-z](?=\d))?(.*)$/.exec(first) ?? []
  const parts = [number, ...rest].flatMap(runs).slice(0, mostParts)
  return parts.length === 0 ? null : { label, parts, family: wild !== -1 }
}

function stepsOf(text: string): string[] {
  let rest = text.slice(0, longest).toLowerCase().replaceAll('_', ' ').trim()
  for (let shorter = rest.replace(prefix, ''); shorter !== rest; shorter = rest.replace(prefix, ''))
    rest = shorter
  return rest
    .replace(/service\s*pack/g, 'sp')
    .replace(/service\s*release/g, 'sr')
    .split(/[^a-z0-9*]+/)
    .filter((step) => step !== '')
}

/** A number with letters about it; letters alone when they are one, begin the version, or are known to follow numbers. */
function isStep(step: string, place: number): boolean {
  if (/^[a-z]{0,3}\d+[a-z]{0,2}(?:\d+[a-z]?)?$/.test(step)) return true
  return /^[a-z]$/.test(step) || suffixes.has(step) || (place === 0 && /^[a-z]{2,4}$/.test(step))
}

const runs = (step: string): (number | string)[] =>
  (step.match(/\d+|[a-z]+/g) ?? []).map((run) => (/\d/.test(run) ? Number(run) : run))

/** Below 0 when `a` is older; null where the two cannot be compared. A family stands for all that begin as it does. */
export function compareVersions(a: Version, b: Version): number | null {
  if (a.label !== b.label && a.label !== '' && b.label !== '') return null
  const length = Math.max(a.parts.length, b.parts.length)
  for (let i = 0; i < length; i++) {
    if ((a.family && i >= a.parts.length) || (b.family && i >= b.parts.length)) return 0
    const way = compareParts(a.parts[i], b.parts[i], i === 0)
    if (way !== 0) return way
  }
  return 0
}

type Part = number | string | undefined

function compareParts(a: Part, b: Part, first: boolean): number | null {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareLetters(a, b)
  if (typeof a === 'string')
    return b === undefined ? afterNothing(a) : first || b !== 0 ? null : afterNothing(a)
  if (typeof b === 'string') {
    const way = compareParts(b, a, first)
    return way === null ? null : -way
  }
  return (a ?? 0) - (b ?? 0)
}

/** "1.7.15b" and "1.8.4 SP1" come after the bare number, "2.0 beta" before it. */
const afterNothing = (letters: string): number => (early.includes(letters) ? -1 : 1)

function compareLetters(a: string, b: string): number | null {
  const [rankA, rankB] = [early.indexOf(a), early.indexOf(b)]
  if (rankA !== -1 || rankB !== -1) return rankA === -1 ? 1 : rankB === -1 ? -1 : rankA - rankB
  return a.length === 1 && b.length === 1 ? (a < b ? -1 : 1) : null
}
