/** A CSAF document as what is understood of it, with what the reader should mind. Nothing here trusts that the document makes sense. */
import { parseTlp } from '../../../values/tlp.ts'
import type { Content, Flag } from '../content.ts'
import { hasMarkup, line, plain, webAddress } from '../plain.ts'
import { list, productTree, record, type Tree } from './product-tree.ts'
import { vulnerabilityOf } from './vulnerabilities.ts'

type Loose = Record<string, unknown>

/** A document that is not taken; `reason` is a word of `advisories.refused`. */
export class Refused extends Error {
  override name = 'Refused'
  readonly reason: string
  constructor(reason: string, said = '') {
    super(said)
    this.reason = reason
  }
}

export interface Understood {
  content: Content
  flags: Flag[]
}

/** Past this nobody can look through it, and each would be matched with every asset. */
export const mostProducts = 20_000
const manyProducts = 2_000
const deepest = 100
const mostVulnerabilities = 5_000
const textLength = 50_000

/** Whether brackets lie deeper than any real document's: what reads it by recursion would run out of stack. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inText) {
      if (c === 0x5c) i++
      else if (c === 0x22) inText = false
    } else if (c === 0x22) inText = true
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > deepest) return true
    } else if (c === 0x7d || c === 0x5d) depth--
  }
  return false
}

/** Bytes as JSON. Throws Refused: `not-utf8`, `too-deep`, `not-json`. */
export function jsonOf(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refused('not-utf8')
  }
  if (isTooDeep(text)) throw new Refused('too-deep')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refused('not-json', line((error as Error).message, 200))
  }
}

/** Medical devices: the series of advisories about them, or the sector of health among those that it names. */
export const isMedical = (id: string, notes: Content['notes']): boolean =>
  /^icsma-/i.test(id) ||
  notes.some(({ title, text }) => /sector/i.test(title) && /\bhealth ?care\b|\bmedical\b/i.test(text))

const wordOf: Record<string, number> = {
  critical: 4,
  important: 3,
  high: 3,
  moderate: 2,
  medium: 2,
  low: 1,
  none: 0,
}

/** As ISO, UTC, or Refused: the schema knows dates that no calendar has. */
function timeOf(value: unknown): string {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at) || Math.abs(at) > Date.UTC(9999, 0)) throw new Refused('no-date', line(value, 60))
  return new Date(at).toISOString()
}

function contentOf(document: Loose, tree: Tree, raw: Loose): Content {
  const tracking = record(document.tracking)
  const publisher = record(document.publisher)
  const notes = list(document.notes)
    .slice(0, 200)
    .map(record)
    .map((note) => ({
      category: line(note.category, 40),
      title: line(note.title, 300),
      text: plain(note.text, textLength),
    }))
  const id = line(tracking.id, 500)
  const namespace = line(publisher.namespace, 1_000)
  if (id === '' || namespace === '') throw new Refused('no-name')
  const severity = wordOf[line(record(document.aggregate_severity).text, 40).toLowerCase()]
  const state = line(tracking.status, 20)
  return {
    kind: 'csaf',
    namespace,
    id,
    publisher: line(publisher.name, 300),
    version: line(tracking.version, 100),
    state: state === 'draft' || state === 'interim' ? state : 'final',
    category: line(document.category, 200),
    title: line(document.title, 500),
    lang: line(document.lang, 20) || null,
    tlp: parseTlp(line(record(record(document.distribution).tlp).label, 40)),
    releasedAt: timeOf(tracking.initial_release_date),
    revisedAt: timeOf(tracking.current_release_date),
    notes,
    references: list(document.references)
      .slice(0, 500)
      .map(record)
      .flatMap((one) => {
        const url = webAddress(one.url)
        return url ? [{ text: line(one.summary, 500), url }] : []
      }),
    revisions: list(tracking.revision_history)
      .slice(0, 500)
      .map(record)
      .map((one) => ({
        at: timeOf(one.date),
        number: line(one.number, 100),
        text: plain(one.summary, 2_000),
      })),
    products: [...tree.products.values()],
    vulnerabilities: list(raw.vulnerabilities).map((one) => vulnerabilityOf(tree, one)),
    severity: severity ?? null,
    patientSafety: isMedical(id, notes),
  }
}

/** CSAF 2.0 knows no AMBER+STRICT: its publishers say it in the text beside the label (exchange.md 5). */
function narrowed(content: Content, document: Loose): Content {
  const text = line(record(document.distribution).text, 2_000)
  return content.tlp === 'AMBER' && /amber\s*\+?\s*strict/i.test(text)
    ? { ...content, tlp: 'AMBER+STRICT' }
    : content
}

const dayMs = 86_400_000
const vague =
  /^(\*|all|any|every|various|multiple|n\/?a|unknown|unspecified|products?|software|devices?|all products|-|\.)?$/i

function flagsOf(content: Content, tree: Tree, now: number): Flag[] {
  const { products, vulnerabilities } = content
  const dates = [content.releasedAt, content.revisedAt, ...content.revisions.map(({ at }) => at)].map(
    Date.parse,
  )
  const named = new Set(vulnerabilities.flatMap((one) => Object.values(one.products).flat()))
  const texts = [
    content.title,
    ...content.notes.flatMap(({ title, text }) => [title, text]),
    ...products.map(({ name }) => name),
    ...vulnerabilities.flatMap((one) => [one.title, one.text, ...one.remedies.map(({ text }) => text)]),
  ]
  const found: Partial<Record<Flag, boolean>> = {
    'future-date': dates.some((at) => at > now + dayMs),
    'dates-reversed': Date.parse(content.revisedAt) < Date.parse(content.releasedAt),
    'many-products': products.length > manyProducts,
    'relationship-cycle': tree.circle,
    'unknown-product': [...named].some((ref) => !tree.products.has(ref)),
    'vague-product': products.some(({ ref, product }) => named.has(ref) && vague.test(product)),
    html: texts.some(hasMarkup),
    cut: texts.some((text) => text.endsWith('…')),
  }
  return (Object.keys(found) as Flag[]).filter((flag) => found[flag])
}

/** Throws Refused: for what is no CSAF 2.0, has no name or date, or more in it than can be looked at. */
export function understand(value: unknown, now: number): Understood {
  const raw = record(value)
  const document = record(raw.document)
  if (document.csaf_version !== '2.0')
    throw new Refused(
      document.csaf_version === undefined ? 'not-csaf' : 'csaf-version',
      line(document.csaf_version, 20),
    )
  const vulnerabilities = list(raw.vulnerabilities).length
  if (vulnerabilities > mostVulnerabilities) throw new Refused('too-many', String(vulnerabilities))
  const tree = productTree(raw.product_tree)
  if (tree.products.size > mostProducts) throw new Refused('too-many', String(tree.products.size))
  const content = narrowed(contentOf(document, tree, raw), document)
  return { content, flags: flagsOf(content, tree, now) }
}
