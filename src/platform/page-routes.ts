/** How the route of a page is stated, what it is asked with, and how a page is sent. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from './route-access.ts'

/** A page, or what a form of one leads to: nothing of the API's description. */
export const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)

/** A field of a form or of the address as text; files and repeated fields count as absent. */
export const text = (given: unknown, name: string): string => {
  const value = (given as Record<string, unknown> | null | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** The word after `?done=`, when it is one of those that the page knows. */
export function doneOf<Word extends string>(
  request: FastifyRequest,
  words: readonly Word[],
): Word | undefined {
  const { done } = request.query as { done?: unknown }
  return words.find((word) => word === done)
}
