/**
 * What is stored with each asset so that the database finds the few that an advisory may mean: a superset of what the
 * matcher finds, and no more than words, codes and identifiers that are looked up by equality.
 */
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { affectedOf } from './affected.ts'
import { cpeOf, purlOf } from './identifiers.ts'
import { isKind, isWeak, nameOf, weightOf } from './products.ts'
import { joins } from './text.ts'
import { makersIn, vendorKey, vendorOf } from './vendors.ts'

export interface Keys {
  vendorKey: string
  productKeys: string[]
}

const mostKeys = 120
/** What a misspelling seldom changes: the consonants, doubled ones once, "ph" as "f". */
const skeleton = (word: string): string =>
  `~${word[0]}${word
    .slice(1)
    .replaceAll('ph', 'f')
    .replace(/[aeiouyh]/g, '')
    .replace(/(.)\1+/g, '$1')}`

/** Of an asset, at each change of its names. */
export function keysOf(asset: ProductName): Keys {
  const identifiers = [cpeOf(asset.cpe), purlOf(asset.purl)].filter((one) => one !== null)
  const names = [asset, ...identifiers]
  const keys = names.flatMap(({ vendor, product }) => {
    const { words } = nameOf(product)
    return [...wordKeys(words), ...serieKeys(words), ...weakKeys(vendor, words), ...plainKeys(words, vendor)]
  })
  return {
    vendorKey: vendorKey(asset.vendor),
    productKeys: distinct([...identifiers.map(({ key }) => key), ...keys]),
  }
}

/** Of an affected product, to be looked for among those of assets. Empty for a name that says nothing at all. */
export function keysOfAffected(said: AffectedProduct): string[] {
  const affected = affectedOf(said)
  const makers = new Set(affected.vendorWords)
  const own = (words: string[]): string[] => {
    const without = words.filter((word) => !makers.has(word))
    return without.length > 0 ? without : words
  }
  const others = affected.identifiers.flatMap(({ product }) => wordKeys(nameOf(product).words))
  const words = affected.names.map(own)
  const telling = [...words, affected.optional].flatMap(wordKeys)
  const weak = words.flatMap((name) => (name.some(isNameItself) ? [] : weakKeys(said.vendor, name)))
  const plain = words.slice(0, 1).flatMap((name) => plainKeys(name, said.vendor))
  const ranges = affected.ranges.map(({ letters }) => `${letters}#`)
  return distinct([
    ...affected.identifiers.map(({ key }) => key),
    ...telling,
    ...weak,
    ...plain,
    ...ranges,
    ...others,
  ])
}

const distinct = (keys: string[]): string[] => [...new Set(keys)].slice(0, mostKeys)

const isTelling = (word: string): boolean =>
  !isKind(word) && (weightOf(word) >= 0.6 || (/^\d+$/.test(word) && word.length > 1))

/** Telling, and not the name of a maker: of "McKesson Cardiology" only the weak word is left. */
const isNameItself = (word: string): boolean => isTelling(word) && makersIn([word]).size === 0

/** Telling words, neighbours joined, and what is left of long words when a typing error is taken out. */
function wordKeys(words: string[]): string[] {
  const single = words.filter(isTelling)
  const joined = [...joins(words, 3)]
    .filter(({ from, to }) => to - from > 1 && words.slice(from, to).some((word) => !isKind(word)))
    .map(({ text }) => text)
    .filter((text) => text.length > 2 && text.length <= 40)
  const long = single.filter((word) => word.length >= 6 && !/\d/.test(word))
  return [...single, ...joined, ...long.map(skeleton)]
}

/** "mx#" of the MX800, for an advisory about "MX400-MX850". */
const serieKeys = (words: string[]): string[] =>
  [...joins(words, 2)].flatMap(({ text }) => {
    const [, letters] = /^([a-z]{1,4})\d{1,4}[a-z]?$/.exec(text) ?? []
    return letters ? [`${letters}#`] : []
  })

/** Words such as "ct" and "windows" count only together with the maker. */
function weakKeys(vendor: string, words: string[]): string[] {
  return words.filter(isWeak).flatMap((word) => makersOf(vendor).map((maker) => `${maker}/${word}`))
}

/** "Patient Portal": a name of words that anything is called, only as a whole and together with the maker. */
function plainKeys(words: string[], vendor: string): string[] {
  return words.every(isKind) && words.length > 0
    ? makersOf(vendor).map((maker) => `${maker}=${[...new Set(words)].sort().join('')}`)
    : []
}

/** Makers by alias, and each part of the name. */
function makersOf(vendor: string): string[] {
  const { parts, makers } = vendorOf(vendor)
  return [...new Set([...makers, ...parts.flatMap((part) => [part.join(''), part[0] ?? ''])])]
}
