/** What a hospital wrote of an asset, taken apart once and compared with many products. */
import type { ProductName } from '../../../values/product.ts'
import { cpeOf, type Identifier, purlOf } from './identifiers.ts'
import { nameOf } from './products.ts'
import { wordsOf } from './text.ts'
import { makersIn, type Vendor, vendorOf } from './vendors.ts'

export interface Owned {
  said: ProductName
  identifiers: Identifier[]
  /** As it was written, then as its identifiers name it. */
  names: OwnedName[]
}

export interface OwnedName {
  vendorText: string
  vendor: Vendor
  vendorWords: string[]
  words: string[]
  /** Makers that stand in the product's name. */
  makers: Set<string>
  version: string | null
}

export function ownedOf(said: ProductName): Owned {
  const identifiers = [cpeOf(said.cpe), purlOf(said.purl)].filter((one) => one !== null)
  const names = [said, ...identifiers].map(({ vendor, product, version }): OwnedName => {
    const { words, version: inName } = nameOf(product)
    return {
      vendorText: vendor,
      vendor: vendorOf(vendor),
      vendorWords: wordsOf(vendor),
      words,
      makers: makersIn(words),
      version: said.version || version || inName,
    }
  })
  return { said, identifiers, names }
}
