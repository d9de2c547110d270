/** Days as people write them beside a signature. Nothing is guessed: what can be read in two ways says so. */

export type Slashes = 'mdy' | 'dmy'
export type Precision = 'day' | 'month' | 'year'

export interface SignedOn {
  /** First day of what is known, YYYY-MM-DD. */
  day: string
  precision: Precision
}

export type ReadDay =
  | { kind: 'none' }
  | ({ kind: 'known' } & SignedOn)
  /** With slashes: what it would be with the month first and with the day first; null where that is no day. */
  | { kind: 'slashes'; mdy: string | null; dmy: string | null }
  | { kind: 'unread' }

const czechMonths = 'led unor brez dub kvet cervn cervenec srp zari rij listopad prosin'.split(' ')
const englishMonths = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Two digits mean this century: the memorandum began in 2020. */
const yearOf = (text: string): number => (text.length === 2 ? 2000 + Number(text) : Number(text))

function dayOf(year: number, month: number, day: number): string | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const date = new Date(`${text}T00:00:00Z`)
  const sound =
    !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && year >= 1990 && year < 2100
  return sound ? text : null
}

const known = (day: string | null, precision: Precision): ReadDay =>
  day === null ? { kind: 'unread' } : { kind: 'known', day, precision }

function monthNamed(word: string): number {
  const folded = word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^cervence$/, 'cervenec')
  if (folded.length < 3) return 0
  const czech = czechMonths.findLastIndex((one) => folded.startsWith(one))
  if (czech >= 0) return czech + 1
  // Of Czech words "cerven" and "cervna" begin alike; the seventh month is told by its own ending.
  if (folded === 'cerven') return 6
  return englishMonths.findIndex((one) => folded.startsWith(one)) + 1
}

const digits = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$/
const dotted = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})$/
const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/
const dayWord = /^(\d{1,2})\.?\s+(\p{L}+)\.?,?\s+(\d{4})$/u
const wordDay = /^(\p{L}+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/u
const wordYear = /^(\p{L}+)\.?\s+(\d{4})$/u
const monthYear = /^(\d{1,2})\s*[./]\s*(\d{4})$/
const yearMonth = /^(\d{4})-(\d{1,2})$/

/** Reads a cell. `slashes` is how dates such as 9/22/20 are to be read, where a person has said so. */
export function readSigned(cell: string, slashes: Slashes | null = null): ReadDay {
  const text = cell.replace(/\s+/g, ' ').trim()
  if (text === '' || /^[-–—?]$/.test(text)) return { kind: 'none' }
  const parts = (shape: RegExp): string[] | null => shape.exec(text)?.slice(1) ?? null
  const ymd = parts(digits)
  if (ymd) return known(dayOf(Number(ymd[0]), Number(ymd[1]), Number(ymd[2])), 'day')
  const dmy = parts(dotted)
  if (dmy) return known(dayOf(yearOf(dmy[2] ?? ''), Number(dmy[1]), Number(dmy[0])), 'day')
  const both = parts(slashed)
  if (both) return withSlashes(both, slashes)
  const worded = parts(dayWord)
  if (worded) return known(dayOf(Number(worded[2]), monthNamed(worded[1] ?? ''), Number(worded[0])), 'day')
  const turned = parts(wordDay)
  if (turned) return known(dayOf(Number(turned[2]), monthNamed(turned[0] ?? ''), Number(turned[1])), 'day')
  return readWider(parts)
}

function withSlashes([a = '', b = '', y = '']: string[], slashes: Slashes | null): ReadDay {
  const mdy = dayOf(yearOf(y), Number(a), Number(b))
  const dmy = dayOf(yearOf(y), Number(b), Number(a))
  if (mdy === null && dmy === null) return { kind: 'unread' }
  return slashes === null ? { kind: 'slashes', mdy, dmy } : known(slashes === 'mdy' ? mdy : dmy, 'day')
}

function readWider(parts: (shape: RegExp) => string[] | null): ReadDay {
  const named = parts(wordYear)
  if (named) return known(dayOf(Number(named[1]), monthNamed(named[0] ?? ''), 1), 'month')
  const numbered = parts(monthYear)
  if (numbered) return known(dayOf(Number(numbered[1]), Number(numbered[0]), 1), 'month')
  const turned = parts(yearMonth)
  if (turned) return known(dayOf(Number(turned[0]), Number(turned[1]), 1), 'month')
  const year = parts(/^(\d{4})$/)
  return year ? known(dayOf(Number(year[0]), 1, 1), 'year') : { kind: 'unread' }
}

/**
 * How a list's dates with slashes are to be read, by those that allow only one reading: null when none does, or when
 * they contradict each other. A proposal, to be confirmed.
 */
export function slashesOf(cells: readonly string[]): { any: boolean; proposal: Slashes | null } {
  const read = cells.map((cell) => readSigned(cell)).filter((one) => one.kind === 'slashes')
  const only = new Set(
    read.flatMap(({ mdy, dmy }): Slashes[] => (dmy === null ? ['mdy'] : mdy === null ? ['dmy'] : [])),
  )
  const [first] = only
  return { any: read.length > 0, proposal: first && only.size === 1 ? first : null }
}
