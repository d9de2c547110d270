/** How this module's routes are stated and answer. */
import type { FastifyRequest } from 'fastify'
import { NotFound } from '../../../platform/errors.ts'

export { page, sendHtml } from '../../../platform/page-routes.ts'

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
