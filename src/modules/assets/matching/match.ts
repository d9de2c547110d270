/** Whether an asset is what an advisory says is affected, how sure that is, and why. */
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { type Affected, affectedOf, modelIn } from './affected.ts'
import type { Identifier } from './identifiers.ts'
import { type Owned, type OwnedName, ownedOf } from './owned.ts'
import {
  type Agreement,
  agreement,
  isKind,
  isModelCode,
  isWeak,
  modelsClash,
  nothing,
  telling,
  weightOf,
} from './products.ts'
import { placeOf } from './ranges.ts'
import { type Kinship, kinship, type Vendor } from './vendors.ts'
import { parseVersion } from './versions.ts'

/** Data of which `sentenceOf` makes a sentence. */
export type Reason =
  | { about: 'vendor'; how: Kinship; asset: string; affected: string }
  | { about: 'words'; words: string[] }
  | { about: 'model'; words: string[] }
  | { about: 'identifier'; kind: 'cpe' | 'purl' }
  | { about: 'person'; name: string }
  | { about: 'version'; how: VersionSaid; asset: string; affected: string }

/** `unsaid`: the advisory names no versions; `unclear`: not in a way that can be compared; `unknown`: the asset's own is not known or too coarse. */
export type VersionSaid = 'inside' | 'all' | 'unknown' | 'unsaid' | 'unclear'

export interface Match {
  /** 0 to 1; from `likely` on it is worth a person's time. */
  sure: number
  why: Reason[]
}

/** Chosen on the tuning half of the labelled pairs, as the README here says. */
export const likely = 0.5

const ofVendor: Record<Kinship, number> = {
  same: 1,
  alias: 0.98,
  named: 0.95,
  alike: 0.85,
  unsaid: 0.8,
  other: 0.45,
}
const ofVersion: Record<VersionSaid, number> = { inside: 1, all: 1, unsaid: 0.9, unclear: 0.85, unknown: 0.8 }
/** Another maker's product counts only where its whole name is the same and as telling as this. */
const tellingAlone = 1.2
const leastSure = 0.2
/** What other numbers in both names take away. */
const clashing = 0.45

/** Compares one asset with one product; null where they have nothing to do with each other, or the version lies outside. */
export const matchOf = (asset: ProductName, affected: AffectedProduct): Match | null =>
  matcherOf(affected)(ownedOf(asset))

/** The same for many assets and products: each is taken apart once. */
export function matcherOf(said: AffectedProduct): (owned: Owned) => Match | null {
  const affected = affectedOf(said)
  const fromIdentifiers = affected.identifiers.map((one) =>
    affectedOf({
      ...said,
      vendor: one.vendor,
      product: one.product,
      versions: said.versions || (one.version ?? ''),
    }),
  )
  return ({ said: asset, identifiers, names }) => {
    const equal = identifiers.find((one) => affected.identifiers.some(({ key }) => key === one.key))
    if (equal) return identified(asset, fromIdentifiers[0] ?? affected, equal)
    const matches = names.flatMap((name) => [affected, ...fromIdentifiers].map((one) => byName(name, one)))
    return matches.reduce((best, one) => (one && (!best || one.sure > best.sure) ? one : best), null)
  }
}

function identified(asset: ProductName, affected: Affected, { key, version }: Identifier): Match | null {
  const seen = versionOf(asset.version ?? version, affected)
  if (!seen) return null
  const kind = key.startsWith('cpe') ? 'cpe' : 'purl'
  return { sure: ofVersion[seen.how], why: [{ about: 'identifier', kind }, seen] }
}

function byName(name: OwnedName, affected: Affected): Match | null {
  const vendor = relation(name, affected)
  const product = productOf(name, vendor, affected)
  if (!product) return null
  const version = versionOf(name.version, affected, name.words)
  if (!version) return null
  const sure = round(product.score * ofVendor[vendor] * ofVersion[version.how])
  if (sure < leastSure) return null
  const said = {
    about: 'vendor',
    how: vendor,
    asset: name.vendorText,
    affected: affected.said.vendor,
  } as const
  const model: Reason[] = product.codes.length > 0 ? [{ about: 'model', words: product.codes }] : []
  return { sure, why: [said, { about: 'words', words: product.shared }, ...model, version] }
}

const round = (share: number): number => Math.round(Math.min(1, share) * 1000) / 1000

/** Makers are also looked for in the products: "Datový modul B.Braun", "McKesson Cardiology" of Change Healthcare. */
function relation({ vendor, words, makers }: OwnedName, affected: Affected): Kinship {
  const direct = kinship(vendor, affected.vendor)
  if (direct === 'same' || direct === 'alias') return direct
  const named =
    [...makers].some((maker) => affected.vendor.makers.has(maker)) ||
    holds(words, affected.vendor) ||
    holds(affected.names[0] ?? [], vendor)
  return named ? 'named' : direct
}

const holds = (words: string[], { parts }: Vendor): boolean =>
  parts.some((part) => part.join('').length >= 4 && ` ${words.join(' ')} `.includes(` ${part.join(' ')} `))

/** The best of the names that the advisory gives, without the makers that stand in them. */
function productOf({ words, vendorWords }: OwnedName, vendor: Kinship, affected: Affected): Agreement | null {
  if (isExcluded(words, affected)) return null
  const makers = new Set([...vendorWords, ...affected.vendorWords])
  const without = (all: string[]): string[] => all.filter((word) => !makers.has(word))
  const bare = without(words).length > 0 && without(affected.names[0] ?? []).length > 0
  const own = joinedAt(bare ? without(words) : words, modelIn(words, affected.ranges))
  const names = bare ? affected.names.map(without) : affected.names
  const extra = { optional: affected.optional, inRange: modelIn(words, affected.ranges) }
  const [whole = []] = names
  const best = names
    .map((name) => agreement(own, name, extra))
    .map((found) => ({ ...found, score: found.score * trust(found, own, whole, vendor) }))
    .reduce((a, b) => (b.score > a.score ? b : a), nothing)
  if (best.score === 0) return null
  const clash = modelsClash(own, [...whole, ...affected.optional, ...affected.variant], extra.inRange)
  return { ...best, score: Math.max(0, best.score - clashing * clash) }
}

/** The words with neighbours that are one model as one: "MX 550". */
function joinedAt(words: string[], model: string | null): string[] {
  const pair = model === null ? -1 : words.findIndex((word, i) => `${word}${words[i + 1]}` === model)
  return pair === -1 ? words : [...words.slice(0, pair), model ?? '', ...words.slice(pair + 2)]
}

/** How far the shared words may be trusted to be a name at all. */
function trust(found: Agreement, own: string[], name: string[], vendor: Kinship): number {
  const isTelling = (words: string[]): boolean =>
    words.reduce((all, word) => all + (isKind(word) ? 0 : weightOf(word)), 0) >= telling
  if (vendor === 'other')
    return found.whole && (found.evidence >= tellingAlone || found.codes.length > 0) ? 1 : 0
  if (found.evidence >= 1) return 1
  if (found.evidence >= telling) return 0.9
  if (vendor === 'alike' || vendor === 'unsaid' || isTelling(name)) return 0
  // "Patient Portal" of the same maker: a name of words that anything is called is the name all the same; "Windows" of Microsoft is in more names.
  const weak = name.filter((word) => !isKind(word))
  const all = weak.length > 0 && weak.every((word) => isWeak(word) && found.shared.includes(word))
  return all || (found.whole && !isTelling(own)) ? 0.75 : 0
}

/** What stands after "not including" and tells more than the name before it: "LOGIQ 100 Pro" of "LOGIQ, not including LOGIQ 100 Pro". */
function isExcluded(words: string[], { excluded, names }: Affected): boolean {
  const told = words.filter((word) => !isKind(word))
  const beyond = told.some((word) => !names[0]?.includes(word))
  return beyond && excluded.some((out) => told.every((word) => out.includes(word)))
}

/** Whether the asset's version is among the affected; null when it is not. A model may stand where the advisory gives versions. */
function versionOf(
  said: string | null,
  affected: Affected,
  words: string[] = [],
): Extract<Reason, { about: 'version' }> | null {
  const { range } = affected
  const reason = (how: VersionSaid) =>
    ({ about: 'version', how, asset: said ?? '', affected: affected.said.versions }) as const
  if (range.said === 'all') return reason('all')
  if (range.said === 'nothing') return reason('unsaid')
  if (range.said === 'unclear') return reason('unclear')
  if (words.some((word) => isModelCode(word) && affected.models.includes(word))) return reason('inside')
  const place = placeOf(parseVersion(said ?? ''), range)
  return place === 'outside' ? null : reason(place)
}
