/** What the routes of this module share. */
import type { FastifyRequest } from 'fastify'
import { asReader, type Role, roles } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import { type Frame, frameOf } from '../../../platform/frame.ts'
import { type Access, actorOf } from '../../../platform/http.ts'
import { type Preview, previewOf } from '../preview.ts'
import type { Draft } from '../types.ts'

/** Everybody but operators, who run the servers and see no content. */
const readerRoles: Role[] = roles.filter((role) => role !== 'operator')
export const readers: Access = { who: readerRoles }
export const members: Access = { who: readerRoles.filter((role) => role !== 'coordinator') }
export const leaders: Access = { who: ['coordinator'] }
export const ofCall = (access: Access, sample?: Access['sample']): Access => ({
  ...access,
  objects: { id: 'rollcall' },
  ...(sample ? { sample } : {}),
})

/** Of a route for programs. */
export const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['rollcalls'], summary, ...schema },
})

/** The number in a path; what is no number names nothing. */
export function idIn(request: FastifyRequest, name = 'id'): number {
  const given = (request.params as Record<string, unknown>)[name]
  if (!/^\d{1,9}$/.test(String(given))) throw new NotFound('There is no such call')
  return Number(given)
}

export const frameFor = (context: Context, request: FastifyRequest, title: string): Frame =>
  frameOf(request, { title, active: 'rollcalls', zone: context.settings.zone })

export const asAsker = <R>(
  context: Context,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<R>,
): Promise<R> => asReader(context.db, actorOf(request), request.now, work)

/** Whom a draft would reach now. */
export async function previewFor(context: Context, request: FastifyRequest, draft: Draft): Promise<Preview> {
  const preview = await asEngine(context.db, (tx) => previewOf(tx, draft, request.now))
  // Whom an organisation is reached by is its own: the reader looked at it.
  for (const { org } of preview.lines) actorOf(request).saw?.add(org)
  return preview
}
