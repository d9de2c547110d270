/** The trail, as its readers see it. */
import type { FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { cursorOf, nextOf } from '../../../platform/paging.ts'
import { listHeads } from '../chain.ts'
import { countLines, listLines } from '../lines.ts'
import { trailPage } from '../pages/trail.tsx'
import { query, type TrailQuery, trailAnswer } from '../schema.ts'
import { periodOf, perPage } from './paging.ts'

/** Which lines those are is the policy's to say: one's own, one's organisation's, for coordinators nearly all. */
const access: Access = { who: 'signed-in' }

const headsShown = 7

export function mountLines(app: App, context: Context): void {
  const { zone } = context.settings
  const found = (given: TrailQuery, request: FastifyRequest) =>
    asReader(context.db, actorOf(request), request.now, async (tx) => {
      const { area, text, org } = given
      const filters = { area, text, org, ...periodOf(given, zone) }
      const asked = await together({
        lines: listLines(tx, filters, cursorOf(given.after), perPage + 1),
        total: countLines(tx, filters),
        heads: listHeads(tx, headsShown),
      })
      return { ...asked, lines: asked.lines.slice(0, perPage), next: nextOf(asked.lines, perPage) }
    })

  app.get(
    '/trail',
    { config: { access }, schema: { hide: true, querystring: query } },
    async (request, reply) => {
      const given = query.parse(request.query)
      const page = trailPage({ request, given, zone, ...(await found(given, request)) })
      return reply.type('text/html; charset=utf-8').send(page)
    },
  )

  const described = {
    tags: ['trail'],
    summary: 'Who did what, newest first: what you may read of it',
    querystring: query,
    response: { 200: trailAnswer },
  }
  app.get('/api/v1/trail', { config: { access }, schema: described }, async (request) => {
    const { lines, next, total } = await found(query.parse(request.query), request)
    return { lines, next, total }
  })
}
