/** What programs fetch: feeds, calendars, the plan as a table, the map of the site, and where to report a vulnerability. */
import { readFile } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { type Lang, langs, translator } from '../../../platform/i18n.ts'
import { publicVersions } from '../../members/index.ts'
import { calendarOf, type Entry } from '../calendar.ts'
import { atomOf, type Mapped, sitemapOf } from '../feeds.ts'
import { toHtml } from '../markdown.ts'
import { planAtom, planCsv } from '../pages/plan-files.ts'
import type { Held } from '../pages/posts.tsx'
import { homePath, pathOf, placeNames, placePath, versionPath } from '../places.ts'
import { plan } from '../plan-read.ts'
import { keyPath, securityTxt, securityTxtPath } from '../security-txt.ts'
import { publicNews, publicOccasionTexts, publicPages, publicText, wordsFor } from '../texts-read.ts'
import { page } from './answers.ts'
import { fetched, held, type Writing } from './visiting.ts'

const inFeed = 30
/** Far below the 50,000 of one map. */
const newsInMap = 1_000

const news: Writing = async ({ tx, context, lang }) => {
  const base = context.settings.baseUrl
  const t = translator(lang)
  const entries = (await publicNews(tx, inFeed)).map((text) => {
    const { words } = wordsFor(text, lang)
    const link = base + pathOf(text, lang)
    return {
      id: link,
      title: words.title,
      summary: words.summary,
      content: toHtml(words.body),
      link,
      publishedAt: text.firstPublishedAt,
      updatedAt: Math.max(text.firstPublishedAt, words.publishedAt),
    }
  })
  const path = base + placePath('news', lang)
  return atomOf({ title: t('site.news.feed'), lang, page: path, self: `${path}.atom` }, entries)
}

const planFeed: Writing = async ({ tx, context, lang, request }) =>
  planAtom(translator(lang), await plan(tx, request.now, homeZone), context.settings.baseUrl)

const planTable: Writing = async ({ tx, lang, request }) =>
  planCsv(translator(lang), await plan(tx, request.now, homeZone))

function entryOf({ occasion, text }: Held, lang: Lang, base: string): Entry {
  const { words } = wordsFor(text, lang)
  return {
    ...occasion,
    title: words.title,
    summary: words.summary,
    url: base + pathOf(text, lang),
    // Calendars notice a corrected text by its stamp.
    changedAt: Math.max(occasion.changedAt, words.publishedAt),
  }
}

const calendar = (of: (all: Held[]) => Held[]) => async (context: Context, lang: Lang, all: Held[]) => {
  const base = context.settings.baseUrl
  const head = {
    name: translator(lang)('site.occasions.feed'),
    lang,
    zone: homeZone,
    host: new URL(base).hostname,
  }
  return calendarOf(
    head,
    of(all).map((one) => entryOf(one, lang, base)),
  )
}

const allOccasions: Writing = async ({ tx, context, lang }) =>
  calendar((all) => all)(context, lang, await held(tx))

const oneOccasion: Writing = async ({ tx, context, lang, request }) => {
  const { slug } = request.params as { slug: string }
  const { id } = await publicText(tx, 'occasion', lang, slug)
  return calendar((all) => all.filter(({ text }) => text.id === id))(context, lang, await held(tx))
}

const sitemap: Writing = async ({ tx, context }) => {
  const base = context.settings.baseUrl
  const mapped = (paths: Record<Lang, string>, changedAt: number | null): Mapped => ({
    addresses: { cs: base + paths.cs, en: base + paths.en },
    changedAt,
  })
  const texts = [
    ...(await publicPages(tx)).filter((text) => text.key !== 'home'),
    ...(await publicNews(tx, newsInMap)),
    ...(await publicOccasionTexts(tx)).values(),
  ]
  return sitemapOf([
    mapped({ cs: homePath('cs'), en: homePath('en') }, null),
    ...placeNames.map((place) => mapped({ cs: placePath(place, 'cs'), en: placePath(place, 'en') }, null)),
    ...(await publicVersions(tx)).map(({ number }) =>
      mapped({ cs: versionPath(number, 'cs'), en: versionPath(number, 'en') }, null),
    ),
    ...texts.map((text) =>
      mapped(
        { cs: pathOf(text, 'cs'), en: pathOf(text, 'en') },
        Math.max(...Object.values(text.words).map((words) => words.publishedAt)),
      ),
    ),
  ])
}

function robots(base: string): string {
  // Signed-in pages have nothing for a search engine; the public web is under its two languages.
  return `User-agent: *\nAllow: /$\nAllow: /cs\nAllow: /en\nAllow: /assets/\nDisallow: /\nSitemap: ${base}/sitemap.xml\n`
}

const mostKey = 100_000

export function mountFiles(app: App, context: Context): void {
  const open = page({ who: 'anyone' })
  const { baseUrl, contacts = [], pgpKeyFile = null } = context.settings
  const send =
    (lang: Lang, type: string, writing: Writing) => async (request: FastifyRequest, reply: FastifyReply) =>
      reply.type(type).send(await fetched(context, request, lang, writing))
  for (const lang of langs) {
    const atom = 'application/atom+xml; charset=utf-8'
    const ics = 'text/calendar; charset=utf-8'
    app.get(`${placePath('news', lang)}.atom`, open, send(lang, atom, news))
    app.get(`${placePath('plan', lang)}.atom`, open, send(lang, atom, planFeed))
    app.get(`${placePath('plan', lang)}.csv`, open, send(lang, 'text/csv; charset=utf-8', planTable))
    app.get(`${placePath('occasions', lang)}.ics`, open, send(lang, ics, allOccasions))
    app.get(
      `${placePath('occasions', lang)}/:slug/${lang === 'cs' ? 'akce' : 'event'}.ics`,
      page({ who: 'anyone', objects: { slug: 'site_occasion' } }),
      send(lang, ics, oneOccasion),
    )
  }
  app.get('/sitemap.xml', open, send('cs', 'application/xml; charset=utf-8', sitemap))
  app.get('/robots.txt', open, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(robots(baseUrl)),
  )
  app.get(securityTxtPath, open, async (request, reply) => {
    const key = pgpKeyFile ? baseUrl + keyPath : null
    const file = securityTxt({ contacts, baseUrl, key }, request.now)
    if (file === null) throw new NotFound('No contact for reports is configured')
    return reply.type('text/plain; charset=utf-8').send(file)
  })
  app.get(keyPath, open, async (_request, reply) => {
    if (!pgpKeyFile) throw new NotFound('No key is configured')
    const key = await readFile(pgpKeyFile, 'utf8')
    // A secret key given by mistake must never leave.
    if (
      key.length > mostKey ||
      !key.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----') ||
      key.includes('PRIVATE KEY')
    )
      throw new NotFound('The configured file is no public key')
    return reply.type('application/pgp-keys').send(key)
  })
}
