/** Atom feeds (RFC 4287) and the map of the site. */
import { Feed } from 'feed'
import { type Lang, langs } from '../../platform/i18n.ts'
import { escaped } from './markdown.ts'

export interface FeedHead {
  title: string
  lang: Lang
  /** Address of the page that the feed follows. */
  page: string
  /** The feed's own address. */
  self: string
}

export interface FeedEntry {
  /** Never changes and is nobody else's. */
  id: string
  title: string
  summary: string
  /** HTML. */
  content?: string
  link: string
  publishedAt: number
  updatedAt: number
  /** RFC 4287 4.2.2: words by which programs sort. */
  categories?: { scheme: string; term: string }[]
}

/** A feed without entries says that it has not changed since it began. */
export function atomOf(head: FeedHead, entries: FeedEntry[]): string {
  const feed = new Feed({
    id: head.self,
    title: head.title,
    link: head.page,
    feedLinks: { atom: head.self },
    updated: new Date(Math.max(0, ...entries.map((entry) => entry.updatedAt))),
    author: { name: 'hSOC' },
    generator: 'hSOC',
    copyright: '',
  })
  for (const entry of entries)
    feed.addItem({
      id: entry.id,
      // The library says of titles and summaries that they are HTML, so they are written as such.
      title: escaped(entry.title),
      ...(entry.summary ? { description: escaped(entry.summary) } : {}),
      ...(entry.content ? { content: entry.content } : {}),
      link: entry.link,
      ...(entry.categories ? { category: entry.categories } : {}),
      published: new Date(entry.publishedAt),
      date: new Date(entry.updatedAt),
    })
  return feed.atom1().replace('<feed ', `<feed xml:lang="${head.lang}" `).replace(unwritable, '')
}

/** Signs that no XML may hold (XML 1.0, 2.2). */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

export interface Mapped {
  /** Address by language. */
  addresses: Record<Lang, string>
  changedAt: number | null
}

/** The map of the site (sitemaps.org), each page in each language with its other ones. */
export function sitemapOf(pages: Mapped[]): string {
  const one = ({ addresses, changedAt }: Mapped, lang: Lang): string => {
    const others = langs.map(
      (other) => `<xhtml:link rel="alternate" hreflang="${other}" href="${escaped(addresses[other])}"/>`,
    )
    const changed = changedAt === null ? '' : `<lastmod>${new Date(changedAt).toISOString()}</lastmod>`
    return `<url><loc>${escaped(addresses[lang])}</loc>${changed}${others.join('')}</url>`
  }
  const urls = pages.flatMap((page) => langs.map((lang) => one(page, lang)))
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${urls.join('\n')}
</urlset>
`
}
