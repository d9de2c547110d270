/** One text as everybody reads it: a page or a piece of news. */

import type { ComponentChildren } from 'preact'
import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { html, Notice, Page, type PageProps } from '../../../ui/index.ts'
import { toHtml } from '../markdown.ts'
import { type PublicText, type Translation, wordsFor } from '../texts-read.ts'

/** A text's HTML; it comes from `toHtml` alone, which lets nothing harmful through. */
export function Prose({ markdown, lang }: { markdown: string; lang?: string }) {
  return <div class="prose" lang={lang} dangerouslySetInnerHTML={{ __html: toHtml(markdown) }} />
}

/** Says of a text that it is not translated, or that its translation is behind. */
export function TranslationNotice({ t, state, other }: { t: T; state: Translation; other: string }) {
  if (state === 'own') return null
  return (
    <Notice kind="careful">
      <p>
        {t(`site.translation.${state}`)} <a href={other}>{t('site.translation.other')}</a>
      </p>
    </Notice>
  )
}

interface TextProps {
  frame: PageProps
  text: PublicText
  /** Shown under the heading: when and where. */
  facts?: ComponentChildren
  /** A version that is not public is looked at. */
  preview?: boolean
}

export function textPage({ frame, text, facts, preview }: TextProps): string {
  const { t, site, zone } = frame
  const { lang, words, state } = wordsFor(text, t.lang)
  const foreign = lang === t.lang ? undefined : lang
  return html(
    <Page
      {...frame}
      head={<h1 lang={foreign}>{words.title}</h1>}
      lead={words.summary && <span lang={foreign}>{words.summary}</span>}
    >
      {preview && <Notice kind="careful" title={t('site.preview.title')} />}
      {site && <TranslationNotice t={t} state={state} other={site.other.href} />}
      {text.kind === 'news' && (
        <p class="muted">
          {dayShort(dayOf(text.firstPublishedAt, zone), t, true)}
          {words.publishedAt > text.firstPublishedAt &&
            ` · ${t('site.news.changed', { day: dayShort(dayOf(words.publishedAt, zone), t, true) })}`}
        </p>
      )}
      {facts}
      <Prose markdown={words.body} lang={foreign} />
    </Page>,
  )
}
