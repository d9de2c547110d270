/** How this module's routes are stated and answer. */
import type { FastifyRequest } from 'fastify'
import { NotFound } from '../../../platform/errors.ts'
import { text as field } from '../../../platform/page-routes.ts'

export { doneOf, page, sendHtml } from '../../../platform/page-routes.ts'

/** A field of a form as text without NUL; files and repeated fields count as absent. */
export const text = (body: unknown, name: string): string => field(body, name).replaceAll('\0', '')

/** The number in a path; anything else names nothing. */
export function idIn(request: FastifyRequest): number {
  const given = String((request.params as { id?: unknown }).id)
  if (!/^\d{1,9}$/.test(given)) throw new NotFound('There is no such thing')
  return Number(given)
}
