/** What every public page has around it: menus, its address in the other language, and what other sites and programs read of it. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Lang, langs, type T, translator } from '../../../platform/i18n.ts'
import type { PageProps } from '../../../ui/index.ts'
import { homePath, otherLang, pathOf, placeNames, placePath, warningsFeed } from '../places.ts'
import { type PublicText, wordsFor } from '../texts-read.ts'

export interface PublicPage {
  lang: Lang
  title: string
  description: string
  /** Its address in each language. */
  paths: Record<Lang, string>
  /** Key of the menu item it stands under. */
  active?: string
  /** The feed that follows it. */
  feed?: string
  article?: boolean
  /** Has a form to be filled in. */
  forms?: boolean
}

/** Order among the pages of people, whose own positions are numbers too. */
const positions = {
  memorandum: 25,
  plan: 30,
  news: 40,
  occasions: 50,
  figures: 60,
  members: 70,
  groups: 80,
  join: 90,
} as const

/** Key of a page's item in the menu; a text may bear the name of one of the program's own pages (`join`). */
export const keyOf = (text: PublicText): string => `page-${text.key ?? text.id}`

function menuOf(t: T, pages: PublicText[]): { key: string; href: string; label: string }[] {
  const own = placeNames.map((place) => ({
    key: place as string,
    href: placePath(place, t.lang),
    label: t(`site.place.${place}`),
    position: positions[place],
  }))
  // The pages come in the order of their positions, the program's own between them.
  const theirs = pages
    .filter((text) => text.menu === 'top')
    .map((text) => ({
      key: keyOf(text),
      href: pathOf(text, t.lang),
      label: wordsFor(text, t.lang).words.title,
      position: text.position,
    }))
  return [...theirs, ...own]
    .sort((a, b) => a.position - b.position)
    .map(({ key, href, label }) => ({ key, href, label }))
}

const locales: Record<Lang, string> = { cs: 'cs_CZ', en: 'en_GB' }

function Meta({ page, base }: { page: PublicPage; base: string }) {
  const { lang, paths, title, description, feed } = page
  const property = (name: string, content: string) => (
    // Open Graph (ogp.me) names its tags by `property`.
    <meta {...{ property: `og:${name}` }} content={content} />
  )
  return (
    <>
      <meta name="description" content={description} />
      <link rel="canonical" href={base + paths[lang]} />
      {langs.map((other) => (
        <link key={other} rel="alternate" hreflang={other} href={base + paths[other]} />
      ))}
      {feed && <link rel="alternate" type="application/atom+xml" href={base + feed} title={title} />}
      <link
        rel="alternate"
        type="application/atom+xml"
        href={base + warningsFeed(lang)}
        title={translator(lang)('feeds.title.public')}
      />
      {property('title', title)}
      {property('description', description)}
      {property('type', page.article ? 'article' : 'website')}
      {property('url', base + paths[lang])}
      {property('locale', locales[lang])}
      {property('locale:alternate', locales[otherLang(lang)])}
      {property('site_name', 'hSOC')}
    </>
  )
}

/** The frame of a public page: the same for everybody but the way in, which leads those who are signed in to their pages. */
export function publicFrame(
  request: FastifyRequest,
  context: Context,
  page: PublicPage,
  pages: PublicText[],
): PageProps & { zone: string } {
  const t = translator(page.lang)
  const { actor: _actor, nav: _nav, organisation: _organisation, ...frame } = frameOf(request, page)
  const foot = pages
    .filter((text) => text.menu === 'foot')
    .map((text) => ({ href: pathOf(text, page.lang), label: wordsFor(text, page.lang).words.title }))
  return {
    ...frame,
    t,
    zone: homeZone,
    nav: menuOf(t, pages),
    lead: page.description,
    site: {
      home: homePath(page.lang),
      other: { lang: otherLang(page.lang), href: page.paths[otherLang(page.lang)] },
      enter: request.actor
        ? { href: '/', label: t('site.enter.own') }
        : { href: '/sign-in', label: t('site.enter') },
      foot,
      ...(context.settings.demo ? { demo: t('demo.site') } : {}),
      forms: page.forms ?? false,
    },
    meta: <Meta page={page} base={context.settings.baseUrl} />,
  }
}
