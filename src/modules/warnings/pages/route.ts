/** How a page's route is stated: who may open it, which objects its path names; hidden from the API's description. */
import type { FastifyReply } from 'fastify'
import type { Access } from '../../../platform/http.ts'

export const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

/** Of an API route: summary and shapes go into the published description. */
export const api = (access: Access, summary: string, schema: object = {}) => ({
  config: { access },
  schema: { tags: ['warnings'], summary, ...schema },
})

export const sendHtml = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(text)
