/** How this module's routes are stated and answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHeld } from '../../../platform/conditional.ts'
import type { Lang } from '../../../platform/i18n.ts'
import { sendHtml } from '../../../platform/page-routes.ts'
import type { Keeper } from '../kept.ts'

export { page, sendHtml, text } from '../../../platform/page-routes.ts'

/**
 * A public page as it is kept; who is signed in gets one of their own, which leads them on to their pages. The same bytes
 * again are not sent again.
 */
export async function sendKept(
  keeper: Keeper,
  request: FastifyRequest,
  reply: FastifyReply,
  lang: Lang,
  draw: () => Promise<string>,
): Promise<FastifyReply> {
  if (request.session || !isPlain(request.url)) return sendHtml(reply, await draw())
  const look = request.cookies.theme ?? ''
  const name = `${lang} ${themes.includes(look) ? look : ''} ${request.url}`
  const { body, etag } = await keeper.get(name, request.now, draw)
  // Kept by the browser, asked for each time: it says who is signed in and how they like it to look.
  reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'cookie')
  if (isHeld(request.headers['if-none-match'], etag)) return reply.status(304).send()
  return reply.type('text/html; charset=utf-8').send(body)
}

const themes = ['light', 'dark']

/** Addresses that nobody made up: a page repeats its address, and made-up ones would fill the memory. */
const isPlain = (url: string): boolean => url.length <= 200 && !url.includes('?')

/** The id in a path; what is no number names nothing, so that it is refused as not found. */
export const idOf = (given: unknown): number => (/^\d{1,9}$/.test(String(given)) ? Number(given) : -1)
