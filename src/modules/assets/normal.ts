/** Names as they are compared: without accents, case, punctuation and the legal form of a company. */
import type { AssetValues } from './asset.ts'

const legalForms = new Set(
  ['inc', 'incorporated', 'corp', 'corporation', 'co', 'company', 'ltd', 'limited', 'llc', 'plc'].concat([
    'gmbh',
    'ag',
    'kg',
    'se',
    'sa',
    'nv',
    'bv',
    'ab',
    'oy',
    'as',
    'sro',
    'spol',
    'vos',
    'zs',
  ]),
)

/** Words of a name: "Philips, s. r. o." is "philips", "Windows® XP" is "windows xp". */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}®™©]/gu, '')
    .toLowerCase()
    .replace(/\b(?:s\.?\s?r\.?\s?o\.?|a\.\s?s\.|n\.\s?v\.|b\.\s?v\.)(?=$|[\s,;)])/g, ' ')
    .split(/[^\p{L}\p{N}.+#]+/u)
    .map((word) => word.replace(/^\.+|\.+$/g, ''))
    .filter((word) => word !== '')
}

/** A manufacturer without its legal form; kept whole where nothing else would be left. */
export function vendorWords(text: string): string[] {
  const words = wordsOf(text)
  const kept = words.filter((word) => !legalForms.has(word))
  return kept.length > 0 ? kept : words
}

const joined = (words: string[]): string => words.join(' ')

type Product = Pick<AssetValues, 'vendor' | 'product' | 'department'>

export interface Keys {
  /** Same manufacturer and product, whatever the version, in the same department. */
  product(one: Product): string
  /** The same in the same version too. */
  identity(one: Product & Pick<AssetValues, 'version'>): string
}

/** `maker` answers one key for all spellings of a manufacturer. */
export function keysBy(maker: (one: Product) => string): Keys {
  const product: Keys['product'] = (one) =>
    [maker(one), joined(wordsOf(one.product)), joined(wordsOf(one.department))].join('|')
  return { product, identity: (one) => `${product(one)}|${joined(wordsOf(one.version ?? ''))}` }
}

/** A serial number as it is compared. */
export const serialKey = (serial: string): string => serial.toUpperCase().replace(/[\s-]+/g, '')
