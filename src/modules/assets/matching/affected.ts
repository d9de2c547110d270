/** What an advisory says of a product, taken apart once and compared with many assets. */
import type { AffectedProduct } from '../../../values/product.ts'
import { cpeOf, type Identifier, purlOf } from './identifiers.ts'
import { nameOf } from './products.ts'
import { parseRange, type Range } from './ranges.ts'
import { joins, wordsOf } from './text.ts'
import { type Vendor, vendorOf } from './vendors.ts'

export interface Affected {
  said: AffectedProduct
  vendor: Vendor
  /** The vendor's words, which the product's name may repeat. */
  vendorWords: string[]
  /** The whole name first, then its parts where it names several: "EPIQ/Affiniti". */
  names: string[][]
  /** Words that help when they are shared: in brackets, and models among the versions. */
  optional: string[]
  /** Words that stand where the versions would: "Accu-Chek Inform II". */
  variant: string[]
  /** Models that stand where the versions would. */
  models: string[]
  /** What stands after "not including", each as words. */
  excluded: string[][]
  ranges: ModelRange[]
  range: Range
  identifiers: Identifier[]
}

/** "MX400-MX850" */
export interface ModelRange {
  letters: string
  from: number
  to: number
}

const mostNames = 6
/** "ASA" of "Adaptive Security Appliance (ASA)". */
const acronym = /^[A-Z]{3,6}$/
/** "EPIQ/Affiniti" are two names, "PET/CT" is one. */
const betweenNames = /(?<!\b(?:PET|SPECT|PC|TCP|AC|NM))\//i
const exclusion = /\b(?:not including|excluding|except(?: for)?|without|kromě|mimo)\b/i

export function affectedOf(said: AffectedProduct): Affected {
  const text = said.product.slice(0, 400)
  const [included = '', ...without] = text.split(exclusion)
  const bracketed = [...included.matchAll(/\(([^()]*)\)/g)].map(([, inside = '']) => inside)
  const plain = included.replace(/\([^()]*\)/g, ' ')
  const whole = nameOf(plain.trim() === '' ? included : plain)
  const range = rangeOf(said.versions, whole.version)
  const variant = range.said === 'unclear' ? nameOf(said.versions).words : []
  return {
    said,
    vendor: vendorOf(said.vendor),
    vendorWords: wordsOf(said.vendor),
    names: namesOf(plain, whole.words, variant, bracketed),
    optional: [
      ...bracketed.flatMap((one) => nameOf(one).words),
      ...expanded(included),
      ...codesOf(said.versions),
    ],
    variant,
    excluded: without.flatMap((one) => one.split(/,|\band\b/)).map((one) => wordsOf(one)),
    models: [...variant, ...codesOf(said.versions)],
    ranges: rangesOf(included),
    range,
    identifiers: [cpeOf(said.cpe), purlOf(said.purl)].filter((one) => one !== null),
  }
}

/** A version that stands in the product's name counts where the advisory says none besides. */
function rangeOf(versions: string, inName: string | null): Range {
  const range = parseRange(versions)
  return inName !== null && (range.said === 'all' || range.said === 'nothing') ? parseRange(inName) : range
}

function namesOf(plain: string, whole: string[], variant: string[], bracketed: string[]): string[][] {
  const parts = plain.split(betweenNames).map((part) => nameOf(part).words)
  const several = parts.length > 1 ? parts : []
  const named = variant.length > 0 ? [variant] : []
  const short = bracketed.filter((one) => acronym.test(one)).map((one) => wordsOf(one))
  return [whole, ...several, ...named, ...short].filter((words) => words.length > 0).slice(0, mostNames)
}

/** "Micro850/870" also names the Micro870. */
function expanded(text: string): string[] {
  return [...text.matchAll(/\b([a-z]+)(\d{2,6})((?:\/\d{2,6}\b)+)/gi)].flatMap(
    ([, letters = '', , others = '']) =>
      others
        .split('/')
        .filter((one) => one !== '')
        .map((number) => `${letters}${number}`.toLowerCase()),
  )
}

/** Numbers that stand among the versions and may be models: "7100 | 7900 MRI". */
const codesOf = (versions: string): string[] =>
  /[<>]|^vers:/.test(versions)
    ? []
    : (versions.match(/(?<![\w.])[A-Z]{0,4}\d{3,6}[A-Z]{0,4}(?![\w.])/g) ?? [])
        .map((code) => code.toLowerCase())
        .slice(0, 16)

function rangesOf(text: string): ModelRange[] {
  return [...text.matchAll(/\b([a-z]{1,4})\s?(\d{1,4})\s*[-–]\s*(?:([a-z]{1,4})\s?)?(\d{1,4})\b/gi)]
    .map(([, letters = '', from, again = letters, to]) => ({
      letters: letters.toLowerCase(),
      again: again.toLowerCase(),
      from: Number(from),
      to: Number(to),
    }))
    .filter(({ letters, again, from, to }) => letters === again && from < to)
}

/** The word of the asset, or two as one, that lies in a range of models. */
export function modelIn(words: string[], ranges: ModelRange[]): string | null {
  const inside = (word: string): boolean => {
    const [, letters = '', number = ''] = /^([a-z]{1,4})(\d{1,4})[a-z]?$/.exec(word) ?? []
    return ranges.some(
      (one) => one.letters === letters && Number(number) >= one.from && Number(number) <= one.to,
    )
  }
  return [...joins(words, 2)].map(({ text }) => text).find(inside) ?? null
}
