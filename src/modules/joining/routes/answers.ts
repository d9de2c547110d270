/** How this module's routes are stated and answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { NotFound } from '../../../platform/errors.ts'
import type { Access } from '../../../platform/http.ts'

export const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)

/** A field of a form as text without NUL; files and repeated fields count as absent. */
export const text = (body: unknown, name: string): string => {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value.replaceAll('\0', '') : ''
}

/** The number in a path; anything else names nothing. */
export function idIn(request: FastifyRequest): number {
  const given = String((request.params as { id?: unknown }).id)
  if (!/^\d{1,9}$/.test(given)) throw new NotFound('There is no such thing')
  return Number(given)
}

/** The word after `?done=`, when it is one of those that the page knows. */
export function doneOf<Word extends string>(
  request: FastifyRequest,
  words: readonly Word[],
): Word | undefined {
  const { done } = request.query as { done?: unknown }
  return words.find((word) => word === done)
}
