/** The public pages, each in Czech and English under an address of its own. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { homeZone } from '../../../platform/dates.ts'
import type { App } from '../../../platform/http.ts'
import { type Lang, langs, translator } from '../../../platform/i18n.ts'
import { groups } from '../../groups/index.ts'
import { publicSignatures, publicVersion, publicVersions } from '../../members/index.ts'
import { figures } from '../figures.ts'
import type { Keeper } from '../kept.ts'
import { contactFacts } from '../pages/contact.tsx'
import { figuresPage } from '../pages/figures.tsx'
import { groupsPage } from '../pages/groups.tsx'
import { homePage } from '../pages/home.tsx'
import { membersPage } from '../pages/members.tsx'
import { memorandumPage, memorandumVersionPage } from '../pages/memorandum.tsx'
import { planPage } from '../pages/plan.tsx'
import { newsPage, OccasionFacts, occasionsPage } from '../pages/posts.tsx'
import { keyOf } from '../pages/public-frame.tsx'
import { textPage } from '../pages/text.tsx'
import { homePath, pathOf, placePath, versionPath } from '../places.ts'
import { plan } from '../plan-read.ts'
import { shownMembers } from '../showings.ts'
import {
  type Before,
  homeText,
  type PublicText,
  publicNews,
  publicPages,
  publicText,
  wordsFor,
} from '../texts-read.ts'
import { idOf, page, sendKept } from './answers.ts'
import { type Drawing, held, placePage, type Visit, visited } from './visiting.ts'

const newsOnPage = 25
const latest = 3
const pastShown = 20

const slugIn = (visit: Visit): string => String((visit.request.params as { slug?: unknown }).slug)

const ofText = (text: PublicText, lang: Lang) => {
  const { words } = wordsFor(text, lang)
  return {
    title: words.title,
    description: words.summary,
    paths: { cs: pathOf(text, 'cs'), en: pathOf(text, 'en') },
    article: text.kind === 'news',
  }
}

const home: Drawing = async ({ tx, lang, request, frame }) => {
  const { text, ...rest } = await together({
    text: homeText(tx),
    news: publicNews(tx, latest),
    coming: held(tx, request.now),
    goals: plan(tx, request.now, homeZone),
    figures: figures(tx, request.now, homeZone, lang),
  })
  const t = translator(lang)
  const said = text && wordsFor(text, lang).words
  return homePage({
    frame: await frame({
      title: said?.title ?? t('site.home.title'),
      description: said?.summary ?? t('site.home.lead'),
      paths: { cs: homePath('cs'), en: homePath('en') },
      feed: `${placePath('news', lang)}.atom`,
    }),
    text,
    news: rest.news,
    coming: rest.coming.slice(0, latest),
    goals: rest.goals,
    sector: rest.figures.sector,
  })
}

/** Sends the public home page as a visitor of `/` gets it, in his language. */
export const visitorsHome =
  (context: Context, keeper: Keeper) =>
  (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { lang } = request.t
    return sendKept(keeper, request, reply, lang, () => visited(context, request, lang, home))
  }

const onePage: Drawing = async (visit) => {
  const text = await publicText(visit.tx, 'page', visit.lang, slugIn(visit))
  const frame = await visit.frame({ ...ofText(text, visit.lang), active: keyOf(text) })
  return textPage({
    frame,
    text,
    ...(text.key === 'contact' ? { facts: contactFacts(frame.t, visit.context.settings) } : {}),
  })
}

const oneNews: Drawing = async (visit) => {
  const text = await publicText(visit.tx, 'news', visit.lang, slugIn(visit))
  return textPage({ frame: await visit.frame({ ...ofText(text, visit.lang), active: 'news' }), text })
}

const oneOccasion: Drawing = async (visit) => {
  const text = await publicText(visit.tx, 'occasion', visit.lang, slugIn(visit))
  const frame = await visit.frame({ ...ofText(text, visit.lang), active: 'occasions' })
  const one = (await held(visit.tx)).find(({ occasion }) => occasion.id === text.id)
  return textPage({
    frame,
    text,
    ...(one ? { facts: OccasionFacts({ t: frame.t, held: one, zone: frame.zone }) } : {}),
  })
}

/** `?before=1772524800000-12`: what is older than that piece of news. */
function beforeOf(request: FastifyRequest): Before | null {
  const given = /^(\d{1,15})-(\d{1,9})$/.exec(String((request.query as { before?: unknown }).before ?? ''))
  return given ? { at: Number(given[1]), id: Number(given[2]) } : null
}

const news: Drawing = async ({ tx, lang, request, frame }) => {
  const found = await publicNews(tx, newsOnPage + 1, beforeOf(request))
  const texts = found.slice(0, newsOnPage)
  const last = texts.at(-1)
  const older =
    found.length > newsOnPage && last
      ? `${placePath('news', lang)}?before=${Math.round(last.firstPublishedAt)}-${last.id}`
      : null
  return newsPage({ frame: await frame(placePage('news', lang, true)), texts, older })
}

const occasionsDrawn: Drawing = async ({ tx, lang, request, frame }) => {
  const all = await held(tx)
  return occasionsPage({
    frame: await frame(placePage('occasions', lang)),
    coming: all.filter(({ occasion }) => occasion.endsAt > request.now),
    past: all
      .filter(({ occasion }) => occasion.endsAt <= request.now)
      .reverse()
      .slice(0, pastShown),
  })
}

const planDrawn: Drawing = async ({ tx, lang, request, frame }) =>
  planPage({
    frame: await frame(placePage('plan', lang, true)),
    goals: await plan(tx, request.now, homeZone),
  })

const figuresDrawn: Drawing = async ({ tx, lang, request, frame }) =>
  figuresPage({
    frame: await frame(placePage('figures', lang)),
    figures: await figures(tx, request.now, homeZone, lang),
  })

const membersDrawn: Drawing = async ({ tx, lang, frame }) =>
  membersPage({
    frame: await frame(placePage('members', lang)),
    members: await shownMembers(tx),
  })

const memorandum: Drawing = async ({ tx, lang, frame }) => {
  const { versions, signatures } = await together({
    versions: publicVersions(tx),
    signatures: publicSignatures(tx),
  })
  return memorandumPage({ frame: await frame(placePage('memorandum', lang)), versions, signatures })
}

const oneVersion: Drawing = async ({ tx, lang, request, frame }) => {
  const { version, signatures } = await together({
    version: publicVersion(tx, idOf((request.params as { number?: unknown }).number)),
    signatures: publicSignatures(tx),
  })
  const place = placePage('memorandum', lang)
  return memorandumVersionPage({
    frame: await frame({
      ...place,
      title: version.title,
      paths: { cs: versionPath(version.number, 'cs'), en: versionPath(version.number, 'en') },
    }),
    version,
    signatures,
  })
}

const groupsDrawn: Drawing = async ({ tx, lang, frame }) => {
  const found = await together({ groups: groups(tx), pages: publicPages(tx) })
  const join = found.pages.find(({ key }) => key === 'join')
  return groupsPage({
    frame: await frame(placePage('groups', lang)),
    groups: found.groups,
    join: join ? { href: pathOf(join, lang), label: wordsFor(join, lang).words.title } : null,
  })
}

export function mountPublic(app: App, context: Context, keeper: Keeper): void {
  const open = page({ who: 'anyone' })
  for (const lang of langs) {
    const draw = (drawing: Drawing) => (request: FastifyRequest, reply: FastifyReply) =>
      sendKept(keeper, request, reply, lang, () => visited(context, request, lang, drawing))
    app.get(homePath(lang), open, draw(home))
    app.get(placePath('memorandum', lang), open, draw(memorandum))
    app.get(`${placePath('memorandum', lang)}/:number`, open, draw(oneVersion))
    app.get(placePath('plan', lang), open, draw(planDrawn))
    app.get(placePath('news', lang), open, draw(news))
    app.get(placePath('occasions', lang), open, draw(occasionsDrawn))
    app.get(placePath('figures', lang), open, draw(figuresDrawn))
    app.get(placePath('members', lang), open, draw(membersDrawn))
    app.get(placePath('groups', lang), open, draw(groupsDrawn))
    app.get(`/${lang}/:slug`, page({ who: 'anyone', objects: { slug: 'site_page' } }), draw(onePage))
    app.get(
      `${placePath('news', lang)}/:slug`,
      page({ who: 'anyone', objects: { slug: 'site_news' } }),
      draw(oneNews),
    )
    app.get(
      `${placePath('occasions', lang)}/:slug`,
      page({ who: 'anyone', objects: { slug: 'site_occasion' } }),
      draw(oneOccasion),
    )
  }
}
