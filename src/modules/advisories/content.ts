/** What is understood of an advisory, whatever it came as; kept with each version. Texts are plain: nothing in them is ever markup. */
import type { AffectedProduct } from '../../values/product.ts'
import type { Tlp } from '../../values/tlp.ts'

export const kinds = ['csaf', 'kev', 'feed', 'hand'] as const
export type Kind = (typeof kinds)[number]

export const productStatuses = [
  'known_affected',
  'fixed',
  'under_investigation',
  'known_not_affected',
] as const
export type ProductStatus = (typeof productStatuses)[number]

export interface Product extends AffectedProduct {
  /** How the document calls it. */
  ref: string
  /** As the document names the whole. */
  name: string
}

export interface Score {
  /** Of CVSS: `2.0`, `3.0`, `3.1`, `4.0`. */
  version: string
  base: number
  vector: string
}

export interface Remedy {
  /** `vendor_fix`, `mitigation`, `workaround`, `no_fix_planned`, `none_available`. */
  category: string
  text: string
  url: string | null
  /** Products that it is for; empty for all. */
  refs: string[]
}

export interface Vulnerability {
  cve: string | null
  title: string
  text: string
  cwe: string | null
  scores: Score[]
  /** The document says that it is exploited. */
  exploited: boolean
  threats: { category: string; text: string }[]
  remedies: Remedy[]
  /** Products by status. */
  products: Partial<Record<ProductStatus, string[]>>
}

export interface Content {
  kind: Kind
  /** With `id` the same advisory in all its versions. */
  namespace: string
  id: string
  publisher: string
  version: string
  state: 'draft' | 'interim' | 'final'
  /** CSAF's own word for the kind of document. */
  category: string
  title: string
  lang: string | null
  /** What the document says; null when it says none, or one that is not known. */
  tlp: Tlp | null
  /** ISO 8601, UTC. */
  releasedAt: string
  revisedAt: string
  notes: { category: string; title: string; text: string }[]
  references: { text: string; url: string }[]
  revisions: { at: string; number: string; text: string }[]
  products: Product[]
  vulnerabilities: Vulnerability[]
  /** Said in words, where no score says more: 0 to 4. */
  severity: number | null
  patientSafety: boolean
}

/** What the reader of an advisory should mind; the words are `advisories.flag.*`. */
export const flags = [
  'future-date',
  'dates-reversed',
  'many-products',
  'relationship-cycle',
  'unknown-product',
  'vague-product',
  'html',
  'cut',
  'unsigned',
  'unhashed',
  'signature-unchecked',
  'other-content',
  'taken-anyway',
] as const
export type Flag = (typeof flags)[number]

/** Each CVE once, in order. */
export const cvesOf = (content: Content): string[] => [
  ...new Set(content.vulnerabilities.flatMap(({ cve }) => cve ?? [])),
]

export const isExploited = (content: Content): boolean =>
  content.vulnerabilities.some(({ exploited }) => exploited)

/** The highest of each document's scores, the newest CVSS first among equals; null without any. */
export function topScore(content: Content): Score | null {
  const scores = content.vulnerabilities.flatMap(({ scores: all }) => all)
  return scores.reduce<Score | null>(
    (top, one) =>
      top === null || one.base > top.base || (one.base === top.base && one.version > top.version) ? one : top,
    null,
  )
}

/** The words of CVSS 3 and 4 for a score, 0 (none) to 4 (critical). */
export function levelOf(base: number): number {
  if (base === 0) return 0
  if (base < 4) return 1
  if (base < 7) return 2
  return base < 9 ? 3 : 4
}

/** Written so that both JavaScript and PostgreSQL read them, in whatever case. */
export const withdrawnCategory = 'withdrawn|superseded|revoked'
export const withdrawnTitle = '^\\W*(withdrawn|revoked|retracted|rejected|staženo|odvoláno)(\\W|$)'

/** The publisher took it back: CSAF 2.0 has no state for that, so its category or the first word of its title says it. */
export const isWithdrawn = ({ category, title }: Pick<Content, 'category' | 'title'>): boolean =>
  new RegExp(withdrawnCategory, 'i').test(category) || new RegExp(withdrawnTitle, 'i').test(title)

/** 0 to 4; what is exploited is at least high. Null where nothing says. */
export function severityOf(content: Content, exploited: boolean): number | null {
  const top = topScore(content)
  const level = top ? levelOf(top.base) : content.severity
  return exploited ? Math.max(level ?? 0, 3) : level
}
