/** Names of products as weighed words, and how far two of them agree. */
import { dictionary } from './dictionary.ts'
import { joins, misspelt, wordsOf } from './text.ts'

export interface Name {
  words: string[]
  /** "2.1" of "Xeleris 2.1": a version that stands in the name, taken out of the words. */
  version: string | null
}

const roman: Record<string, string> = { ii: '2', iii: '3', iv: '4' }
const versionInName = /(?<![\w.-])(?:v\.?\s?\d+(?:\.[\dx*]+)*|\d+(?:\.[\dx*]+)+)(?![\w-])/i

/** Words of a product, the version taken out where it stands there with a dot or a "v". */
export function nameOf(text: string): Name {
  const version = versionInName.exec(text.slice(0, 240))?.[0] ?? null
  const words = wordsOf(version === null ? text : text.replace(version, ' '))
  return { words: words.map((word) => roman[word] ?? dictionary().czech.get(word) ?? word), version }
}

const hasDigit = (text: string): boolean => /\d/.test(text)

/** A word that says what kind of thing or which part of a line it is, and of which no product can be told. */
export const isKind = (word: string): boolean => dictionary().kind.has(word) || dictionary().role.has(word)

/** A kind of device or a system under it, which narrows a little. */
export const isWeak = (word: string): boolean => dictionary().weak.has(word)

/** How telling a word is, where it stands on one side only above all: 0.1 for what anything is called, 1 for a name. */
export function weightOf(word: string): number {
  const { kind, role } = dictionary()
  if (kind.has(word)) return 0.1
  if (role.has(word)) return 0.6
  if (isWeak(word)) return 0.3
  if (/^\d+$/.test(word)) return word.length > 2 ? 1 : 0.5
  if (hasDigit(word)) return 1
  return word.length === 1 ? 0.3 : word.length < 4 ? 0.6 : word.length < 8 ? 1 : 1.2
}

/** From this on the words shared tell a product. */
export const telling = 0.5

const isYear = (text: string): boolean => /^(?:19|20)\d\d$/.test(text)
/** A code that stands for one model alone: "ex1150", "8015", "7km31200ba011da0". */
export const isModelCode = (text: string): boolean =>
  hasDigit(text) && text.length >= 4 && !isYear(text) && !/^[a-z]{4,}\d$/.test(text)

export interface Agreement {
  /** 0 to 1. */
  score: number
  /** Words of the affected product that the asset has too, joined as they were found. */
  shared: string[]
  /** What of the shared stands for a model. */
  codes: string[]
  /** Weight of the shared words that tell something. */
  evidence: number
  /** All of both is shared, but for words of any product. */
  whole: boolean
}

export const nothing: Agreement = { score: 0, shared: [], codes: [], evidence: 0, whole: false }

/** How many words may be one on the other side. */
const longestJoin = 4

interface Shared {
  pairs: { text: string; a: number[]; b: number[] }[]
  a: boolean[]
  b: boolean[]
}

/** Words that stand on both sides; then neighbours as one, as "Supply Station" and "SupplyStation" do; then those that a typing error parts. */
function align(a: string[], b: string[]): Shared {
  const found: Shared = { pairs: [], a: a.map(() => false), b: b.map(() => false) }
  const places = new Map<string, { from: number; to: number }[]>()
  for (const { from, to, text } of joins(b, longestJoin))
    places.set(text, [...(places.get(text) ?? []), { from, to }])
  const free = (marks: boolean[], from: number, to: number): boolean => !marks.slice(from, to).includes(true)
  const single = ({ from, to, text }: Stretch & { text: string }): number =>
    to - from === 1 && text.length > 3 ? 0 : 1
  for (const one of [...joins(a, longestJoin)].sort(
    (x, y) => single(x) - single(y) || y.text.length - x.text.length,
  )) {
    const other = places.get(one.text)?.find(({ from, to }) => free(found.b, from, to))
    if (other && free(found.a, one.from, one.to)) mark(found, one.text, one, other)
  }
  a.forEach((word, i) => {
    if (found.a[i]) return
    const j = b.findIndex((other, at) => !found.b[at] && misspelt(word, other))
    if (j !== -1) mark(found, b[j] ?? word, { from: i, to: i + 1 }, { from: j, to: j + 1 })
  })
  return found
}

interface Stretch {
  from: number
  to: number
}

function mark(found: Shared, text: string, one: Stretch, other: Stretch): void {
  const [a, b] = [placesOf(one), placesOf(other)]
  for (const i of a) found.a[i] = true
  for (const j of b) found.b[j] = true
  found.pairs.push({ text, a, b })
}

const placesOf = ({ from, to }: Stretch): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const sum = (words: string[], take: (word: string, i: number) => boolean = () => true): number =>
  words.reduce((all, word, i) => (take(word, i) ? all + weightOf(word) : all), 0)

/** What of the affected product the comparison looks at besides its words. */
export interface Extra {
  /** Words that help when they are shared and do not hurt when not: in brackets, of a variant. */
  optional: string[]
  /** A model of the asset lies in a range of models that the advisory names ("MX400-MX850"). */
  inRange: string | null
}

/**
 * What both names lack of each other weighs most: "IntelliSpace Portal" and "IntelliSpace PACS" share a word and are two products,
 * while "MX40" only leaves words out of "IntelliVue MX40 Patient Worn Monitor". The same model code makes up for other words.
 */
export function agreement(a: string[], b: string[], extra: Extra): Agreement {
  const both = [...b, ...extra.optional]
  const found = align(a, both)
  const shared = found.pairs.map(({ text }) => text)
  if (extra.inRange) shared.push(extra.inRange)
  if (shared.length === 0) return nothing
  const isShared = (marks: boolean[]) => (word: string, i: number) =>
    marks[i] === true || word === extra.inRange
  const [inA, inB] = [isShared(found.a), isShared(found.b)]
  const lacksA = 1 - sum(a, inA) / (sum(a) || 1)
  const lacksB = 1 - sum(b, inB) / (sum(b) || 1)
  const evidence = sum(a, (word, i) => inA(word, i) && !isKind(word))
  const codes = shared.filter((text) => text === extra.inRange || isModelCode(text))
  return {
    score: Math.max(0, scoreOf(lacksA, lacksB, codes.length > 0)),
    shared,
    codes,
    evidence,
    whole: lacksA < 0.2 && lacksB < 0.2,
  }
}

function scoreOf(lacksA: number, lacksB: number, sameCode: boolean): number {
  const plain = 1 - 1.3 * Math.min(lacksA, lacksB) - 0.15 * lacksB - 0.1 * lacksA
  return sameCode ? Math.max(plain, 0.85) : plain
}

/** A number, or letters as short as "ES" and "XP", by which models of a line are told apart. */
const isMark = (word: string): boolean =>
  hasDigit(word) || (/^[a-z]{2,3}$/.test(word) && !isKind(word) && !isWeak(word))

/** Both have marks that the other has not: two models, surely when none is in common. 0 to 1. */
export function modelsClash(a: string[], b: string[], inRange: string | null): number {
  if (inRange) return 0
  const found = align(a, b)
  const left = (words: string[], marks: boolean[]): string[] =>
    words.filter((word, i) => !marks[i] && isMark(word))
  const [onlyA, onlyB] = [left(a, found.a), left(b, found.b)]
  if (onlyA.length === 0 || onlyB.length === 0 || ![...onlyA, ...onlyB].some(hasDigit)) return 0
  return found.pairs.some(({ text }) => hasDigit(text)) ? 0.7 : 1
}
