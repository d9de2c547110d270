/** What hospitals run, as a rule of a warning: what may stand there, and as lines of text. */
import { z } from 'zod'
import { Invalid } from '../../../platform/errors.ts'
import type { AffectedProduct } from '../../../values/product.ts'
import { keysOfAffected } from '../../assets/index.ts'

/** Of one warning, and the signs that they take together. */
export const mostProducts = 1_000
const mostSigns = 100_000
const longest = { vendor: 200, product: 300, versions: 500, identifier: 400 }

const words = (most: number, least = 0) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .transform((given) => given.toWellFormed())
const identifier = (form: RegExp) =>
  z.string().trim().max(longest.identifier).regex(form).nullable().default(null)

/** Maker and name, of devices the model; versions (of devices the firmware) as an advisory writes them. */
export const product = z.object({
  vendor: words(longest.vendor).default(''),
  product: words(longest.product, 1),
  versions: words(longest.versions).default(''),
  cpe: identifier(/^cpe:/i),
  purl: identifier(/^pkg:/i),
})

export const distinct = (products: AffectedProduct[]): AffectedProduct[] => [
  ...new Map(products.map((one) => [JSON.stringify(one), one])).values(),
]

const isTooMuch = (products: AffectedProduct[]): boolean =>
  products.length > mostProducts || JSON.stringify(products).length > mostSigns

/** A name of words that anything is called finds nothing, so it would ask nobody while it seems to ask somebody. */
const saysSomething = (one: AffectedProduct): boolean => keysOfAffected(one).length > 0

/** `Invalid` with a code of `rules.products`. */
export function refuseProducts(products: AffectedProduct[]): void {
  const wrong = isTooMuch(products) ? 'manyProducts' : products.every(saysSomething) ? null : 'vague'
  if (wrong) throw new Invalid('The products cannot be so', { 'rules.products': wrong })
}

/** Of an advisory those that can be a rule. Where they are too many, their versions are left out: rather somebody is asked too many than too few. */
export function productsFor(affected: AffectedProduct[]): AffectedProduct[] {
  const all = distinct(affected.filter(saysSomething).flatMap(fitting))
  if (!isTooMuch(all)) return all
  const short = distinct(all.map((one) => ({ ...one, versions: '' })))
  return isTooMuch(short) ? [] : short
}

function fitting({ vendor, product: name, versions, cpe, purl }: AffectedProduct): AffectedProduct[] {
  const cut = versions.length <= longest.versions ? versions : ''
  const read = product.safeParse({
    ...{ vendor: vendor.slice(0, longest.vendor), product: name.slice(0, longest.product), versions: cut },
    ...{ cpe: oneField(cpe), purl: oneField(purl) },
  })
  return read.success && saysSomething(read.data) ? [read.data] : []
}

/** Null where it holds the sign that parts the fields of a line. */
const oneField = (given: string | null): string | null => (given && !given.includes(';') ? given : null)

/** One a line: maker; name; versions; CPE or purl. */
export const linesOf = (products: AffectedProduct[]): string =>
  products
    .map(({ vendor, product: name, versions, cpe, purl }) =>
      [flat(vendor), flat(name), versions, cpe ?? '', purl ?? '']
        .map((part) => part.replaceAll(/\s+/g, ' ').trim())
        .filter((part, place) => place < 2 || part !== '')
        .join('; '),
    )
    .join('\n')

/** The sign that parts the fields does not stand in these two. */
const flat = (text: string): string => text.replaceAll(';', ',')

/** The same the other way; a name alone is a product of any maker. What is wrong with it is for `readDraft` to say. */
export function productsIn(text: string): AffectedProduct[] {
  return text
    .split('\n')
    .map((line) => line.split(';').map((part) => part.trim()))
    .filter((fields) => fields.some(Boolean))
    .slice(0, mostProducts + 1)
    .map((fields) => {
      const cpe = fields.find((one) => /^cpe:/i.test(one)) ?? null
      const purl = fields.find((one) => /^pkg:/i.test(one)) ?? null
      const [first = '', ...others] = fields.filter((one) => one !== cpe && one !== purl)
      if (others.length === 0) return { vendor: '', product: first, versions: '', cpe, purl }
      const [name = '', ...versions] = others
      return { vendor: first, product: name, versions: versions.filter(Boolean).join('; '), cpe, purl }
    })
}
