/** CSAF 2.0, 3.2.3: what is wrong, how bad it is, in which products, and what helps. */
import type { ProductStatus, Remedy, Score, Vulnerability } from '../content.ts'
import { line, plain, webAddress } from '../plain.ts'
import { list, record, type Tree } from './product-tree.ts'

type Loose = Record<string, unknown>

/** CSAF's eight states of a product are four to whoever has it. */
const statusOf: Record<string, ProductStatus> = {
  first_affected: 'known_affected',
  known_affected: 'known_affected',
  last_affected: 'known_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  recommended: 'fixed',
  under_investigation: 'under_investigation',
  known_not_affected: 'known_not_affected',
}

const textLength = 20_000
const mostRemedies = 500

function scoreOf(value: unknown, fallback: string): Score | null {
  const one = record(value)
  const base = typeof one.baseScore === 'number' ? one.baseScore : Number.NaN
  if (!(base >= 0 && base <= 10)) return null
  const version = ['2.0', '3.0', '3.1', '4.0'].find((known) => known === one.version) ?? fallback
  return { version, base: Math.round(base * 10) / 10, vector: line(one.vectorString, 300) }
}

/** `scores` of CSAF 2.0, and `metrics` as later versions have them. */
function scoresOf(vulnerability: Loose): Score[] {
  const holders = [
    ...list(vulnerability.scores).map(record),
    ...list(vulnerability.metrics).map((metric) => record(record(metric).content)),
  ]
  const found = holders.flatMap((one) =>
    [scoreOf(one.cvss_v4, '4.0'), scoreOf(one.cvss_v3, '3.1'), scoreOf(one.cvss_v2, '2.0')].filter(
      (score) => score !== null,
    ),
  )
  const once = new Map(found.map((score) => [`${score.version} ${score.base} ${score.vector}`, score]))
  return [...once.values()].slice(0, 50)
}

const none =
  /\b(no|not|never|nor|without)\b[^.]{0,60}\b(known|public|aware|exploit|observed|reported|evidence)|has not been|unlikely|theoretical/i
const exploited =
  /\b(actively|known|been|being|observed|in the wild|active)\b[^.]{0,40}\bexploit|\bexploit(ed|ation)\b[^.]{0,60}\b(in the wild|observed|reported|detected|active|confirmed)|^\s*exploited\s*[:=]\s*(yes|1|true)/i

/** A threat of the kind `exploit_status` that says in words, each sentence by itself, that it happens. */
export const saysExploited = (text: string): boolean =>
  text.split(/(?<=[.!;\n])\s*/).some((sentence) => exploited.test(sentence) && !none.test(sentence))

/** Products that a remedy, score or threat is for: named, or by group. */
function refsOf(tree: Tree, one: Loose): string[] {
  const groups = list(one.group_ids).flatMap((id) => tree.groups.get(line(id, 300)) ?? [])
  return [...new Set([...list(one.product_ids).map((id) => line(id, 300)), ...groups])]
}

function remediesOf(tree: Tree, vulnerability: Loose): Remedy[] {
  return list(vulnerability.remediations)
    .slice(0, mostRemedies)
    .map(record)
    .map((one) => ({
      category: line(one.category, 40),
      text: plain(one.details, textLength),
      url: webAddress(one.url),
      refs: refsOf(tree, one),
    }))
}

function productsOf(vulnerability: Loose): Vulnerability['products'] {
  const found: Vulnerability['products'] = {}
  for (const [name, refs] of Object.entries(record(vulnerability.product_status))) {
    const status = Object.hasOwn(statusOf, name) ? statusOf[name] : undefined
    if (!status) continue
    found[status] = [...new Set([...(found[status] ?? []), ...list(refs).map((id) => line(id, 300))])]
  }
  return found
}

export function vulnerabilityOf(tree: Tree, value: unknown): Vulnerability {
  const one = record(value)
  const threats = list(one.threats)
    .map(record)
    .map((threat) => ({ category: line(threat.category, 40), text: plain(threat.details, textLength) }))
    .slice(0, 100)
  const cve = line(one.cve, 30).toUpperCase()
  const notes = list(one.notes).map(record)
  const told = ['description', 'summary', 'details', 'general']
    .map((category) => notes.find((note) => note.category === category))
    .find((note) => note !== undefined)
  return {
    cve: /^CVE-\d{4}-\d{4,19}$/.test(cve) ? cve : null,
    title: line(one.title, 500),
    text: plain(told?.text, textLength),
    cwe: line(record(one.cwe).id, 20) || null,
    scores: scoresOf(one),
    exploited: threats.some(({ category, text }) => category === 'exploit_status' && saysExploited(text)),
    threats,
    remedies: remediesOf(tree, one),
    products: productsOf(one),
  }
}
