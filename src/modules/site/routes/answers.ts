/** How this module's routes are stated and answer. */
import type { FastifyReply } from 'fastify'
import type { Access } from '../../../platform/http.ts'

export const page = (access: Access) => ({ config: { access }, schema: { hide: true } as never })

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)

/** A field of a form as text; files and repeated fields count as absent. */
export const text = (body: unknown, name: string): string => {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** The id in a path; what is no number names nothing, so that it is refused as not found. */
export const idOf = (given: unknown): number => (/^\d{1,9}$/.test(String(given)) ? Number(given) : -1)
