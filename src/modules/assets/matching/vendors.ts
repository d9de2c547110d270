/** Whether two names stand for the same maker. */
import { dictionary } from './dictionary.ts'
import { fold, joins, misspelt, wordsOf } from './text.ts'

/** `named`: the maker stands in the name of the other's product; `unsaid`: one of them says none. */
export type Kinship = 'same' | 'alias' | 'alike' | 'named' | 'unsaid' | 'other'

export interface Vendor {
  /** The parts of "A, B and C (D)", each without legal forms and words of any maker. */
  parts: string[][]
  /** Makers that the aliases know. */
  makers: Set<string>
}

/** The most words of an alias, "becton dickinson and company" say. */
const aliasWords = 5

export function vendorOf(text: string): Vendor {
  const said = text.slice(0, 240)
  const pieces = [said, ...said.split(/[,;/|()]|\s+(?:and|a|und)\s+|\s+-\s+/)]
  const parts = pieces.map((piece) => core(wordsOf(forms(piece)))).filter((part) => part.length > 0)
  return { parts, makers: makersIn(wordsOf(said)) }
}

/** "s.r.o." in one word, so that it is left out as one. */
const forms = (text: string): string =>
  text.replace(/\b(?:[a-z]\.\s?){2,3}(?=\W|$)/gi, (form) => `${form.replace(/[.\s]/g, '')} `)

const core = (words: string[]): string[] => {
  const { ofVendors, legal } = dictionary()
  const telling = words.filter((word) => !ofVendors.has(word))
  return telling.length > 0 ? telling : words.filter((word) => !legal.has(word))
}

/** All makers whose name stands somewhere in the words. */
export function makersIn(words: string[]): Set<string> {
  const { makers } = dictionary()
  return new Set([...joins(words, aliasWords)].flatMap(({ text }) => [...(makers.get(text) ?? [])]))
}

/** The one word under which a vendor is looked up. */
export function vendorKey(text: string): string {
  const { parts, makers } = vendorOf(text)
  return [...makers].sort()[0] ?? parts[0]?.join(' ') ?? fold(text)
}

export function kinship(a: Vendor, b: Vendor): Kinship {
  if (a.parts.length === 0 || b.parts.length === 0) return 'unsaid'
  const joined = new Set(b.parts.map((part) => part.join('')))
  if (a.parts.some((part) => joined.has(part.join('')))) return 'same'
  if ([...a.makers].some((maker) => b.makers.has(maker))) return 'alias'
  return a.parts.some((one) => b.parts.some((other) => areAlike(one, other))) ? 'alike' : 'other'
}

/** First words that are the same, misspelt, or one the beginning of the other: "Carestream", "Fuji" and "Fujifilm". */
function areAlike([a = '']: string[], [b = '']: string[]): boolean {
  if (a === b || misspelt(a, b)) return true
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 4 && long.startsWith(short)
}
