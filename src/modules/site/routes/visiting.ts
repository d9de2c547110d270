/** Reading for everybody: public pages see the database as a visitor does, whoever asks for them. */
import type { FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type Tx, together } from '../../../platform/database.ts'
import { type Lang, translator } from '../../../platform/i18n.ts'
import { occasions } from '../occasions.ts'
import type { Held } from '../pages/posts.tsx'
import { type PublicPage, publicFrame } from '../pages/public-frame.tsx'
import { type Place, placePath } from '../places.ts'
import { publicOccasionTexts, publicPages } from '../texts-read.ts'

export interface Visit {
  tx: Tx
  context: Context
  request: FastifyRequest
  lang: Lang
  frame(page: Omit<PublicPage, 'lang'>): Promise<ReturnType<typeof publicFrame>>
}

export type Drawing = (visit: Visit) => Promise<string>

/** Draws a page for everybody in one reading transaction of nobody in particular; the menus are asked for meanwhile. */
export function visited(
  context: Context,
  request: FastifyRequest,
  lang: Lang,
  draw: Drawing,
): Promise<string> {
  return asReader(context.db, null, request.now, async (tx) => {
    const pages = publicPages(tx)
    const frame: Visit['frame'] = async (page) =>
      publicFrame(request, context, { ...page, lang }, await pages)
    return (await together({ pages, drawn: draw({ tx, context, request, lang, frame }) })).drawn
  })
}

/** What has no frame: a feed, a calendar, a table. */
export type Writing = (visit: Omit<Visit, 'frame'>) => Promise<string>

export const fetched = (
  context: Context,
  request: FastifyRequest,
  lang: Lang,
  write: Writing,
): Promise<string> => asReader(context.db, null, request.now, (tx) => write({ tx, context, request, lang }))

/** What the frame needs to know of one of the program's own pages. */
export function placePage(place: Place, lang: Lang, feed = false): Omit<PublicPage, 'lang'> {
  const t = translator(lang)
  return {
    title: t(`site.place.${place}`),
    description: t(`site.place.${place}.lead`),
    paths: { cs: placePath(place, 'cs'), en: placePath(place, 'en') },
    active: place,
    ...(feed ? { feed: `${placePath(place, lang)}.atom` } : {}),
  }
}

/** Occasions with their texts that everybody may see, by their beginning. */
export async function held(tx: Tx, from = 0): Promise<Held[]> {
  const { texts, all } = await together({
    texts: publicOccasionTexts(tx),
    all: occasions(tx, { from }),
  })
  return all.flatMap((occasion) => {
    const text = texts.get(occasion.id)
    return text ? [{ occasion, text }] : []
  })
}
