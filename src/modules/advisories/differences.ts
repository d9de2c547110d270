/** What changed between two versions of an advisory, as a reader would say it: how bad, which products, what helps, which words. */
import { diffWordsWithSpace } from 'diff'
import { rangeText } from '../../values/version-range.ts'
import {
  type Content,
  cvesOf,
  isExploited,
  type Product,
  type ProductStatus,
  productStatuses,
  type Remedy,
  severityOf,
  topScore,
} from './content.ts'

export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}

export interface Differences {
  severity: { before: number | null; after: number | null; from: number | null; to: number | null } | null
  exploited: { before: boolean; after: boolean } | null
  state: { before: Content['state']; after: Content['state'] } | null
  tlp: { before: string | null; after: string | null } | null
  title: { before: string; after: string } | null
  cves: { added: string[]; removed: string[] }
  /** By status: names of products that came into it or went out of it. */
  products: { status: ProductStatus; added: string[]; removed: string[] }[]
  remedies: { added: string[]; removed: string[] }
  /** Words of notes and descriptions. */
  texts: { title: string; pieces: Piece[] }[]
}

/** Milliseconds; texts that have nothing in common are then shown one after the other. */
const timeout = 200

function words(before: string, after: string): Piece[] {
  const changes = diffWordsWithSpace(before, after, { timeout })
  if (!changes)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  return changes.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}

/** Of two lists of texts: what only the later has, and what only the earlier had. */
function sets(before: Iterable<string>, after: Iterable<string>): { added: string[]; removed: string[] } {
  const [was, is] = [new Set(before), new Set(after)]
  return { added: [...is].filter((one) => !was.has(one)), removed: [...was].filter((one) => !is.has(one)) }
}

const changed = <V>(before: V, after: V): { before: V; after: V } | null =>
  before === after ? null : { before, after }

/** Vendor, product and version once each, whatever the document calls the whole. */
export function nameOf({ vendor, product, versions, name }: Product): string {
  const brand = product.toLowerCase().startsWith(vendor.toLowerCase()) ? '' : vendor
  return [brand, product, rangeText(versions)].filter(Boolean).join(' ') || name
}

/** The names of products of a status in any of the vulnerabilities. */
export function namesBy(content: Content, status: ProductStatus): Set<string> {
  const refs = new Set(content.vulnerabilities.flatMap((one) => one.products[status] ?? []))
  return new Set(content.products.filter(({ ref }) => refs.has(ref)).map(nameOf))
}

const remedyTexts = (content: Content): string[] =>
  content.vulnerabilities.flatMap(({ remedies }) =>
    remedies.map(({ text, url }: Remedy) => text || (url ?? '')),
  )

/** Texts by what they are called; several of one name one after the other. */
function textsOf(content: Content): Map<string, string> {
  const found = new Map<string, string>()
  const add = (title: string, text: string): void => {
    const known = found.get(title)
    found.set(title, known === undefined ? text : `${known}\n\n${text}`)
  }
  for (const { title, category, text } of content.notes) add(title || category, text)
  for (const { cve, title, text } of content.vulnerabilities) add(cve ?? title, text)
  return found
}

function textDifferences(before: Content, after: Content): Differences['texts'] {
  const [was, is] = [textsOf(before), textsOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((title) => was.get(title) !== is.get(title))
    .map((title) => ({ title, pieces: words(was.get(title) ?? '', is.get(title) ?? '') }))
}

export function differencesOf(before: Content, after: Content): Differences {
  const severity = [before, after].map((one) => severityOf(one, isExploited(one)))
  const scores = [before, after].map((one) => topScore(one)?.base ?? null)
  const [was = null, is = null, from = null, to = null] = [...severity, ...scores]
  return {
    severity: was === is && from === to ? null : { before: was, after: is, from, to },
    exploited: changed(isExploited(before), isExploited(after)),
    state: changed(before.state, after.state),
    tlp: changed(before.tlp, after.tlp),
    title: changed(before.title, after.title),
    cves: sets(cvesOf(before), cvesOf(after)),
    products: productStatuses
      .map((status) => ({ status, ...sets(namesBy(before, status), namesBy(after, status)) }))
      .filter(({ added, removed }) => added.length + removed.length > 0),
    remedies: sets(remedyTexts(before), remedyTexts(after)),
    texts: textDifferences(before, after),
  }
}

/** True when a reader would see no difference. */
export const isSame = (found: Differences): boolean =>
  [found.severity, found.exploited, found.state, found.tlp, found.title].every((one) => one === null) &&
  [found.cves, found.remedies].every(({ added, removed }) => added.length + removed.length === 0) &&
  found.products.length === 0 &&
  found.texts.length === 0
