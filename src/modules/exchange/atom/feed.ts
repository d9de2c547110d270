/** Written warnings as an Atom feed (RFC 4287) for whoever may fetch them. */

import type { Lang } from '../../../platform/i18n.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import { atomOf, escaped, type FeedEntry } from '../../site/pages.ts'
import { saidIn, severityName } from '../../warnings/index.ts'
import { goneText } from '../gone.ts'
import { goneMark, type Released } from '../released.ts'

/** Entries in a feed. */
export const newest = 50

export interface Feed {
  title: string
  lang: Lang
  baseUrl: string
  /** The feed's own path, without a key in it. */
  path: string
  isPublic: boolean
}

export function feedOf(feed: Feed, all: Released[]): string {
  const t = translator(feed.lang)
  const atom = atomOf(
    { title: feed.title, lang: feed.lang, page: `${feed.baseUrl}/feeds`, self: feed.baseUrl + feed.path },
    all.map((one) => entryOf(one, feed.baseUrl, t)),
  )
  return feed.isPublic ? atom.replace(labelWords, 'TLP $1') : atom
}

/** Filters look for labels in what is open: words of a text that look like one are written otherwise. */
const labelWords = /TLP\s*:\s*(RED|AMBER|GREEN)/gi

const schemes = { kind: 'urn:hsoc:warning-kind', severity: 'urn:hsoc:severity', tlp: 'urn:hsoc:tlp' }

function entryOf(one: Released, baseUrl: string, t: T): FeedEntry {
  const isOut = one.standing === 'out'
  const title = t.lang === 'en' && one.title.en ? one.title.en : one.title.cs
  return {
    // Constant over all versions; nobody else makes ids of our domain's tags of that year (RFC 4151).
    id: `tag:${new URL(baseUrl).hostname},2026:warning/${one.number}`,
    title: isOut ? title : `${goneMark} ${title}`,
    summary: isOut ? summaryOf(one, t) : goneText(one, t),
    ...(isOut ? { content: contentOf(one, t) } : {}),
    link: isOut ? `${baseUrl}/warnings/written/${one.warning}` : `${baseUrl}/feeds`,
    publishedAt: one.firstAt,
    updatedAt: one.at,
    categories: [
      { scheme: schemes.kind, term: isOut ? one.kind : one.standing },
      { scheme: schemes.severity, term: severityName(one.severity) },
      { scheme: schemes.tlp, term: `TLP:${one.tlp}` },
    ],
  }
}

const summaryOf = (one: Released, t: T): string =>
  [
    `TLP:${one.tlp}`,
    one.number,
    t(`written.kind.${one.kind}`),
    t('mails.severity', { severity: t(`ui.severity.${severityName(one.severity)}`) }),
    ...(one.actionBy ? [t('feeds.actBy', { day: one.actionBy })] : []),
  ].join(' · ')

/** The text as HTML; everything in it was written as plain text. */
function contentOf(one: Released, t: T): string {
  if (!one.texts) return ''
  const said = saidIn({ texts: one.texts, translation: one.translation }, t.lang)
  const paragraphs = (text: string): string =>
    text
      .split(/\n{2,}/)
      .map((each) => `<p>${escaped(each.trim()).replaceAll('\n', '<br>')}</p>`)
      .join('')
  const parts = (['happened', 'concerns', 'todo'] as const).map(
    (part) => `<h2>${escaped(t(`written.part.${part}`))}</h2>${paragraphs(said[part])}`,
  )
  const refs = one.refs ? [`<h2>${escaped(t('written.refs'))}</h2>${paragraphs(one.refs)}`] : []
  return [`<p>TLP:${one.tlp}</p>`, ...parts, ...refs].join('')
}
