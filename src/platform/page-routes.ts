/** How the route of a page is stated, and how a page is sent. */
import type { FastifyReply } from 'fastify'
import type { Access } from './route-access.ts'

/** A page, or what a form of one leads to: nothing of the API's description. */
export const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)
