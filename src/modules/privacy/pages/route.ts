/** How this module's routes are stated and answer. */
import type { FastifyReply } from 'fastify'
import type { Access } from '../../../platform/http.ts'

export const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)

/** A field of a form or of the address as text; files and repeated fields count as absent. */
export const text = (given: unknown, name: string): string => {
  const value = (given as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
