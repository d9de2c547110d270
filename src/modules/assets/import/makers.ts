/** One key for all spellings of a maker, as the matching with advisories takes them: "Phillips" and "PHILIPS Healthcare" are "Philips". */
import type { AssetValues } from '../asset.ts'
import { kinship, type Vendor, vendorOf } from '../matching/vendors.ts'
import { vendorWords, wordsOf } from '../normal.ts'

type Named = Pick<AssetValues, 'vendor' | 'product'>

/** Makers of one product that are compared with each other; more is no inventory but a mistake. */
const mostMakers = 50
const same = new Set(['same', 'alias', 'alike'])

/**
 * Spellings are compared among things of the same name only: a monitor's maker is never another maker's monitor. The first spelling
 * stands for those that come after it. What is alike is proposed and never taken without a word, so a guess is no harm.
 */
export function makersOf(): (one: Named) => string {
  const byProduct = new Map<string, { vendor: Vendor; key: string }[]>()
  const known = new Map<string, string>()
  return ({ vendor, product }) => {
    const plain = vendorWords(vendor).join(' ')
    const name = wordsOf(product).join(' ')
    const asked = `${plain}\n${name}`
    const found = known.get(asked)
    if (found !== undefined) return found
    const makers = byProduct.get(name) ?? []
    byProduct.set(name, makers)
    const own = vendorOf(vendor)
    const key = makers.find((one) => same.has(kinship(own, one.vendor)))?.key ?? plain
    if (makers.length < mostMakers) makers.push({ vendor: own, key })
    known.set(asked, key)
    return key
  }
}
