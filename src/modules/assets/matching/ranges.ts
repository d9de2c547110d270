/** What an advisory writes about versions, and whether a version lies within. */
import { compareVersions, parseVersion, type Version } from './versions.ts'

interface Bound {
  version: Version
  inclusive: boolean
}

export interface Span {
  from: Bound | null
  to: Bound | null
}

/** `unclear`: something was said that is no version, "< april 1, 2018" say. `partly`: besides the spans something unclear. */
export type Range =
  | { said: 'all' }
  | { said: 'nothing' }
  | { said: 'unclear' }
  | { said: 'some'; spans: Span[]; not: Version[]; partly: boolean }

export type Place = 'inside' | 'outside' | 'unknown'

const longest = 400
const unclear: Range = { said: 'unclear' }

/** Words for what signs say; the longer before the shorter that begin alike. `X` is where the version stands. */
const spoken: [RegExp, string][] = [
  [
    /\b(?:all|any)?\s*(?:versions?|releases?)?\s*(?:prior to|before|earlier than|older than|lower than|less than|starsi nez|nizsi nez|pred)\s+/g,
    '<',
  ],
  [/\b(?:all|any)?\s*(?:versions?|releases?)?\s*(?:up to and including|up to|az do|az po)\s+/g, '<='],
  [/\b(?:later than|newer than|greater than|after|novejsi nez|vyssi nez)\s+/g, '>'],
  [/\b(?:starting (?:with|from)|since|from|od verze|od)\s+/g, '>='],
]
const following: [RegExp, string][] = [
  [
    /\s*(?:,|\band\b|\bor\b|\ba\b)?\s*\b(?:prior|earlier|older|below|lower|previous|starsi|nizsi|drivejsi)\b(?:\s+(?:versions?|releases?|verze))?/,
    '<=',
  ],
  [
    /\s*(?:,|\band\b|\bor\b|\ba\b)?\s*\b(?:later|newer|above|higher|up|novejsi|vyssi)\b(?:\s+(?:versions?|releases?|verze))?/,
    '>=',
  ],
]
const through = /\s+(?:through|thru|to|az|do|-|–)\s+(?=v?\d|[a-z]\.?\d)/g
const months =
  /\b(?:january|february|march|april|may|june|july|august|september|october|november|december|leden|ledna|unora|brezna|dubna|kvetna|cervna|cervence|srpna|zari|rijna|listopadu|prosince)\b/
const qualifier = /\s(?:on|with|when|for|if|running|only|in|under|integrated|using)\s.*$/

export function parseRange(text: string): Range {
  const said = plain(text)
  if (said === '') return { said: 'nothing' }
  if (
    /^(?:\*|all|any|vsechny|-)(?:\s+(?:versions?|verze|releases?))?$/.test(said) ||
    /^\*\s*[(\s]/.test(said)
  )
    return { said: 'all' }
  if (months.test(said)) return unclear
  return combine(itemsOf(said).map(termsOf))
}

/** Folded, out of its `vers:` and its brackets, without what qualifies it. */
function plain(text: string): string {
  const lower = text
    .slice(0, longest)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/≤/g, '<=')
    .replace(/≥/g, '>=')
    .replace(/\s+/g, ' ')
    .trim()
  const vers = /^vers:[a-z0-9.+-]+\/(.*)$/.exec(lower)
  const body = vers ? decoded(vers[1] ?? '') : lower
  const outside = body
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\(.*$/, ' ')
    .trim()
  return (outside === '' ? body.replace(/[()]/g, ' ') : body.startsWith('*') ? body : outside)
    .replace(qualifier, '')
    .trim()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Words made signs, and cut where one statement ends. */
function itemsOf(said: string): string[] {
  let text = said
  for (const [words, sign] of spoken) text = text.replace(words, ` ${sign}`)
  return text
    .split(/[|;,]|\s\/\s/)
    .flatMap((item) =>
      item.replace(/\b(?:versions?|verze|releases?)\b/g, ' ').split(/\s+(?:and|or|nebo)\s+(?=[<>=v\d])/),
    )
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(signed)
}

function signed(item: string): string {
  for (const [words, sign] of following) if (words.test(item)) return `${sign}${item.replace(words, '')}`
  const between = item.split(through)
  if (between.length === 2 && !/[<>=]/.test(item)) return `>=${between[0]} <=${between[1]}`
  const letters = /^rev\w*\.?\s+([a-z])\s*-\s*([a-z])$/.exec(item)
  return letters ? `>=${letters[1]} <=${letters[2]}` : item
}

interface Term {
  sign: '<' | '<=' | '>' | '>=' | '=' | '!='
  version: Version
}

/** Null when something in the item is no version. A version right before a sign is where the span begins: "A10 < A11". */
function termsOf(item: string): Term[] | null {
  const dotted = item.split(' ')
  if (dotted.length > 1 && dotted.every((one) => /^v?\d+(?:\.\d+)+$/.test(one)))
    return dotted.flatMap((one) => termsOf(one) ?? [])
  const pieces = [...item.matchAll(/(<=|>=|!=|<|>|==?)?\s*([^<>=!]+)/g)]
  const terms = pieces.map(([, sign, text = ''], i) => {
    const version = parseVersion(text)
    if (!version) return null
    const alone =
      sign === undefined ? (pieces.length > 1 && i === 0 ? '>=' : '=') : sign === '==' ? '=' : sign
    return { sign: alone as Term['sign'], version } // the expression above knows no other signs
  })
  const known = terms.filter((term) => term !== null)
  return known.length === terms.length && known.length > 0 ? known : null
}

/** A lower bound goes with the next upper one, as in vers; an upper bound alone is open below. */
function combine(items: (Term[] | null)[]): Range {
  const spans: Span[] = []
  const not: Version[] = []
  let from: Bound | null = null
  for (const { sign, version } of items.flatMap((item) => item ?? [])) {
    if (sign === '!=') not.push(version)
    else if (sign === '=')
      spans.push({ from: { version, inclusive: true }, to: { version, inclusive: true } })
    else if (sign === '>' || sign === '>=') {
      if (from) spans.push({ from, to: null })
      from = { version, inclusive: sign === '>=' }
    } else {
      const to = { version, inclusive: sign === '<=' }
      if (from && (compareVersions(from.version, version) ?? 0) > 0) return unclear // ">=5|<4" can hold nothing
      spans.push({ from, to })
      from = null
    }
  }
  if (from) spans.push({ from, to: null })
  if (spans.length === 0 && not.length === 0) return unclear
  if (spans.length === 0) spans.push({ from: null, to: null })
  return { said: 'some', spans, not, partly: items.includes(null) }
}

/** Where a version lies; `unknown` where it or the range does not say enough. */
export function placeOf(version: Version | null, range: Range): Place {
  if (range.said === 'all') return 'inside'
  if (range.said !== 'some' || !version) return 'unknown'
  if (range.not.some((one) => compareVersions(version, one) === 0)) return 'outside'
  const places = range.spans.map((span) => within(version, span))
  if (places.includes('inside')) return 'inside'
  if (range.partly || places.includes('unknown')) return 'unknown'
  return places.includes('outside') ? 'outside' : 'unknown'
}

/** `elsewhere`: of another series of versions, which says nothing as long as another span is of ours. */
function within(version: Version, { from, to }: Span): Place | 'elsewhere' {
  if (from && from.version === to?.version) return asPoint(version, from.version)
  const bounds = [from && sideOf(version, from, 1), to && sideOf(version, to, -1)].filter(
    (side) => side !== null,
  )
  if (bounds.includes('outside')) return 'outside'
  if (bounds.includes('elsewhere')) return 'elsewhere'
  return bounds.includes('unknown') ? 'unknown' : 'inside'
}

function sideOf(version: Version, bound: Bound, way: 1 | -1): Place | 'elsewhere' {
  const side = compareVersions(version, bound.version)
  if (side === null) return version.label !== bound.version.label ? 'elsewhere' : 'unknown'
  if (side === 0) return bound.inclusive ? 'inside' : 'outside'
  return side * way > 0 ? 'inside' : 'outside'
}

/** "8" may be 8.5, and who wrote "1.3" may have 1.3.1: neither yes nor no. */
function asPoint(version: Version, point: Version): Place | 'elsewhere' {
  const side = compareVersions(version, point)
  if (side === 0) return 'inside'
  if (side === null) return version.label !== point.label ? 'elsewhere' : 'unknown'
  const [short, long] = version.parts.length < point.parts.length ? [version, point] : [point, version]
  const begins = short.parts.every((part, i) => part === long.parts[i])
  return begins && (short === version || point.parts.length === 1) ? 'unknown' : 'outside'
}
