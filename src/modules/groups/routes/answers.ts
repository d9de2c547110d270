import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { actorOf } from '../../../platform/http.ts'
import { idParam, slugParam } from '../schema.ts'

export { doneOf, page, sendHtml as sendPage } from '../../../platform/page-routes.ts'

/** As the person who asks, at the time of asking. */
export const asAsker = <R>(
  context: Context,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<R>,
): Promise<R> => asActor(context.db, actorOf(request), request.now, work)

/** The group's part of the address. Throws NotFound for what no group can be called. */
export function slugIn(request: FastifyRequest): string {
  const slug = slugParam.safeParse((request.params as { slug?: unknown }).slug)
  if (!slug.success) throw new NotFound('There is no such group')
  return slug.data
}

export function idIn(request: FastifyRequest, name: string): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
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
