/** Atom 1.0 and RSS 2.0 for reading: each entry an advisory without products. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Content } from './content.ts'
import { list, record } from './csaf/product-tree.ts'
import { Refused } from './csaf/read.ts'
import { line, plain, unescaped, webAddress, withoutMarkup } from './plain.ts'

/** Entities are not expanded by the parser, so a text of a few lines stays one; nothing outside the document is ever asked for. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  // Markup inside a text is kept as text and taken out by us.
  stopNodes: ['*.content', '*.summary', '*.description', '*.title'],
})

const mostEntries = 500

/** A text node, whether it has attributes or not; CDATA is text. */
function textOf(value: unknown): string {
  const one = Array.isArray(value) ? value[0] : value
  const text = typeof one === 'string' ? one : typeof one === 'number' ? String(one) : record(one)['#']
  if (typeof text !== 'string') return ''
  const inside = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(text)?.[1]
  return inside ?? unescaped(text)
}

const plainOf = (value: unknown, most: number): string => plain(withoutMarkup(textOf(value)), most)

/** The address of the entry's page: `alternate` in Atom, the text in RSS. */
function linkOf(value: unknown): string | null {
  const links = Array.isArray(value) ? value : [value]
  const best =
    links.find((one) => record(one)['@rel'] === undefined || record(one)['@rel'] === 'alternate') ?? links[0]
  const href = record(best)['@href']
  return webAddress(typeof href === 'string' ? unescaped(href) : textOf(best))
}

function timeOf(...values: unknown[]): string | null {
  for (const value of values) {
    const at = Date.parse(textOf(value))
    if (!Number.isNaN(at) && at > 0 && at < Date.UTC(9999, 0)) return new Date(at).toISOString()
  }
  return null
}

interface Feed {
  /** Where the feed is from: with an entry's id the same entry again. */
  namespace: string
  label: string
}

function entryOf(value: unknown, feed: Feed, now: number): Content | null {
  const one = record(value)
  const url = linkOf(one.link)
  const id = line(textOf(one.id ?? one.guid), 500) || url
  const title = line(plainOf(one.title, 500), 500)
  if (!id || title === '') return null
  const at = timeOf(one.updated, one.published, one.pubDate, one['dc:date']) ?? new Date(now).toISOString()
  const text = plainOf(one.summary ?? one.description ?? one.content ?? one['content:encoded'], 20_000)
  const cves = [...new Set(`${title} ${text}`.match(/\bCVE-\d{4}-\d{4,19}\b/gi) ?? [])].slice(0, 100)
  return {
    kind: 'feed',
    namespace: feed.namespace,
    id: id.slice(0, 500),
    publisher: feed.label,
    // A feed has no versions: its times are in order, which is all that is asked of one.
    version: String(Date.parse(at)),
    state: 'final',
    category: 'feed',
    title,
    lang: null,
    tlp: null,
    releasedAt: timeOf(one.published, one.pubDate) ?? at,
    revisedAt: at,
    notes: text === '' ? [] : [{ category: 'summary', title: '', text }],
    references: url ? [{ text: title, url }] : [],
    revisions: [],
    products: [],
    vulnerabilities: cves.map((cve) => ({
      cve: cve.toUpperCase(),
      title: '',
      text: '',
      cwe: null,
      scores: [],
      exploited: false,
      threats: [],
      remedies: [],
      products: {},
    })),
    severity: null,
    patientSafety: false,
  }
}

/** The newest 500 entries. Throws Refused: `not-utf8`, `not-xml`, `not-feed`. */
export function readFeed(bytes: Uint8Array, feed: Feed, now: number): Content[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refused('not-utf8')
  }
  // A document type has no place in a feed; entities would be declared there.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Refused('not-feed', 'DOCTYPE')
  const raw = parsed(text)
  const root = record(raw.feed ?? raw.rss ?? raw['rdf:RDF'])
  const channel = raw.rss ? record(root.channel) : root
  const entries = channel.entry ?? channel.item ?? []
  if (!raw.feed && !raw.rss && !raw['rdf:RDF']) throw new Refused('not-feed')
  return (Array.isArray(entries) ? list(entries) : [entries])
    .slice(0, mostEntries)
    .map((one) => entryOf(one, feed, now))
    .filter((one) => one !== null)
}

function parsed(text: string): Record<string, unknown> {
  const verdict = XMLValidator.validate(text)
  if (verdict !== true) throw new Refused('not-xml', line(verdict.err.msg, 200))
  try {
    return record(parser.parse(text))
  } catch (error) {
    throw new Refused('not-xml', line((error as Error).message, 200))
  }
}
