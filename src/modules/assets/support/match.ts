/** Which row of the table of dates an asset falls under, by its name, its CPE or the platform under it. */
import type { Asset, AssetValues } from '../asset.ts'
import { cpeWords } from '../cpe.ts'
import { vendorWords, wordsOf } from '../normal.ts'
import type { SupportRow } from './table.ts'

/** What of the asset agreed with the row. */
export type Via = 'name' | 'cpe' | 'platform'

export interface Found {
  row: SupportRow
  via: Via
}

/** What may follow the name of a product without making it another one: editions, service packs, architectures. */
const editions = new Set(
  ['professional', 'pro', 'home', 'enterprise', 'standard', 'datacenter', 'essentials', 'foundation'].concat(
    ['education', 'ultimate', 'business', 'premium', 'starter', 'basic', 'edition', 'std', 'ent', 'express'],
    ['sp', 'sp1', 'sp2', 'sp3', 'sp4', 'service', 'pack', 'x64', 'x86', '32', '64', 'bit', 'based'],
    ['plus', 'for', 'workstations', 'systems', 'system', 'router', 'camera', 'device', 'software', 'version'],
  ),
)

interface Prepared {
  row: SupportRow
  vendors: string[][]
  products: string[][]
}

const same = (a: string[], b: string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i])
const startsWith = (words: string[], with_: string[]): boolean =>
  with_.length > 0 && with_.every((word, i) => words[i] === word)

const prepare = (row: SupportRow): Prepared => ({
  row,
  vendors: [row.vendor, ...row.vendors].map(vendorWords),
  products: [row.product, ...row.aliases].map(wordsOf),
})

const isNumber = (word: string): boolean => /^\d+([.]\w+)*$/.test(word)

/** Dotted numbers part by part: 9.5 is less than 9.19. Null where the text has no such number. */
function numberIn(text: string): number[] | null {
  const found = /\d{1,6}(?:\.\d{1,6}){0,4}/.exec(text)?.[0]
  return found ? found.split('.').map(Number) : null
}

function compare(a: number[], b: number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const step = (a[i] ?? 0) - (b[i] ?? 0)
    if (step !== 0) return step
  }
  return 0
}

/** Whether the row means this version. Of an unknown version a row that names versions says nothing. */
function meansVersion(row: SupportRow, version: string): boolean {
  const { versions } = row
  if (!versions) return true
  const own = numberIn(version)
  if (!own) return false
  const limit = (text: string): number[] => text.split('.').map(Number)
  if (versions.below !== undefined && compare(own, limit(versions.below)) >= 0) return false
  // Up to 6 means 6.2 too.
  if (versions.upTo !== undefined) {
    const most = limit(versions.upTo)
    if (compare(own.slice(0, most.length), most) > 0) return false
  }
  if (versions.is !== undefined) {
    const is = limit(versions.is)
    if (compare(own.slice(0, is.length), is) !== 0) return false
  }
  return true
}

/** Words of the product that are left behind the row's name: none but editions, or numbers where the version is free. */
function fits(words: string[], name: string[], isWholeName: boolean): boolean {
  if (!startsWith(words, name)) return false
  const rest = words.slice(name.length)
  return rest.every((word) => editions.has(word) || (!isWholeName && isNumber(word) && word.includes('.')))
}

const withoutVendor = (words: string[], vendor: string[]): string[] =>
  startsWith(words, vendor) ? words.slice(vendor.length) : words

/** A row by vendor, product and version as they are written: the product alone, or with the version as part of its name. */
function byName(row: Prepared, one: { vendor: string; product: string; version: string }): boolean {
  const vendor = vendorWords(one.vendor)
  const product = wordsOf(one.product)
  const known = row.vendors.find((words) =>
    vendor.length > 0 ? same(words, vendor) || startsWith(vendor, words) : startsWith(product, words),
  )
  if (!known) return false
  const named = withoutVendor(product, known)
  const whole = [...named, ...wordsOf(one.version)]
  return row.products.some((given) => {
    const name = withoutVendor(given, known)
    // "Windows" in version "Server 2012 R2" is another product than "Windows Server 2012".
    if (fits(whole, name, false) && (row.row.versions === undefined || fits(named, name, true)))
      return meansVersion(row.row, one.version)
    return fits(named, name, true) && isFreeVersion(one.version) && meansVersion(row.row, one.version)
  })
}

/** A version that is no part of the product's name: a number, a build, or nothing. */
const isFreeVersion = (version: string): boolean =>
  !/(?:^|\s)(?:r2|r3|server|embedded|ltsc|ltsb|iot)\b/i.test(version)

/** The platform is one text: "Microsoft Windows XP SP3", "Windows XP". */
function byPlatform(row: Prepared, platform: string): boolean {
  const words = wordsOf(platform)
  if (words.length === 0 || row.row.versions !== undefined) return false
  return row.vendors.some((vendor) => {
    const named = withoutVendor(words, vendor)
    return row.products.some((name) => fits(named, withoutVendor(name, vendor), false))
  })
}

export type Matcher = (
  asset: Pick<AssetValues, 'vendor' | 'product' | 'version' | 'cpe' | 'runsOn'>,
) => Found[]

/** A matcher over a table. It remembers what it found, as inventories name the same things over and over. */
export function matcherOf(rows: readonly SupportRow[]): Matcher {
  const prepared = rows.map(prepare)
  const known = new Map<string, Found[]>()
  return (asset) => {
    const key = [asset.vendor, asset.product, asset.version ?? '', asset.cpe ?? '', asset.runsOn].join('\0')
    let found = known.get(key)
    if (!found) {
      found = prepared.flatMap((row) => {
        const via = viaOf(row, asset)
        return via ? [{ row: row.row, via }] : []
      })
      known.set(key, found)
    }
    return found
  }
}

function viaOf(row: Prepared, asset: Parameters<Matcher>[0]): Via | null {
  if (byName(row, { vendor: asset.vendor, product: asset.product, version: asset.version ?? '' }))
    return 'name'
  if (asset.cpe && byName(row, cpeWords(asset.cpe))) return 'cpe'
  return byPlatform(row, asset.runsOn) ? 'platform' : null
}

/** Of the pieces of an asset alone. */
export type Supported = Pick<Asset, 'vendor' | 'product' | 'version' | 'cpe' | 'runsOn' | 'supportEndsOn'>
