/** How this module's routes are stated and answer. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { type Access, actorOf } from '../../../platform/http.ts'
import { idParam } from '../schema.ts'

export { page, sendHtml } from '../../../platform/page-routes.ts'

export const coordinators: Access = { who: ['coordinator'] }
export const ofAdvisory: Access = { ...coordinators, objects: { id: 'advisory' } }

/** Of a route for programs. */
export const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['advisories'], summary, ...schema },
})

type Ask = <R>(context: Context, request: FastifyRequest, work: (tx: Tx) => Promise<R>) => Promise<R>

/** As the person who asks, at the time of asking. */
export const reading: Ask = (context, request, work) =>
  asReader(context.db, actorOf(request), request.now, work)
export const acting: Ask = (context, request, work) =>
  asActor(context.db, actorOf(request), request.now, work)

/** The number in a path; anything else names nothing. */
export function idIn(request: FastifyRequest): number {
  const id = idParam.safeParse((request.params as { id?: unknown }).id)
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

/** Throws Invalid for a form that no browser sends from our pages. */
export function typed<Shape extends z.ZodType>(form: Shape, request: FastifyRequest): z.output<Shape> {
  const read = form.safeParse(request.body ?? {})
  if (!read.success)
    throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
  return read.data
}

/** The word after `?done=`, when it is one of those that the page knows. */
export function doneOf<Word extends string>(
  request: FastifyRequest,
  words: readonly Word[],
): Word | undefined {
  const { done } = request.query as { done?: unknown }
  return words.find((word) => word === done)
}

/** What is wrong with each field, in the reader's words. */
export const faultsIn = (request: FastifyRequest, error: Invalid): Record<string, string> =>
  Object.fromEntries(
    Object.entries(error.fields).map(([field, code]) => [field, request.t(`advisories.wrong.${code}`)]),
  )
