/** The read ledger: filled by every answer that shows others' data, read by those whose data it was. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader, isCoordinator, isOperator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { cursorOf, nextOf } from '../../../platform/paging.ts'
import { readsPage } from '../pages/reads.tsx'
import { countReads, listReads, noteLook, type Way } from '../reads.ts'
import { type ReadsQuery, readsAnswer, readsQuery } from '../schema.ts'
import { ownGlass, watchGlass } from './glass-watch.ts'
import { periodOf, perPage } from './paging.ts'

const access: Access = { who: 'signed-in' }

/** Whoever acts for organisations alone sees nothing of others that carries their number. */
const seesOthers = (actor: Actor): boolean => isCoordinator(actor) || isOperator(actor)

/** To be called before routes are mounted: no answer that shows an organisation's rows leaves without its line. */
export function watchReads(app: App, context: Context): void {
  watchGlass(app, context)
  app.addHook('preHandler', async (request) => {
    if (request.actor && seesOthers(request.actor)) request.actor.saw = new Set()
  })
  const note = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { actor } = request
    if (!actor?.saw?.size) return
    const orgs = [...actor.saw]
    actor.saw.clear()
    if (!shows(reply.statusCode)) return
    const object = Object.values(request.params as Record<string, string>).join(' ')
    const place = request.routeOptions.url ?? ''
    const look = {
      person: actor.person || null,
      reader: actor.name,
      orgs,
      way: wayOf(request, reply),
      place,
      object,
      glass: ownGlass(request),
    }
    await noteLook(context.db, look, request.now)
  }
  app.addHook('onSend', note)
  // What a long answer read while it was already on its way.
  app.addHook('onResponse', note)
}

/** A redirect or a refusal shows nothing; a form that came back with its errors does. */
const shows = (status: number): boolean => status < 300 || status === 422

function wayOf(request: FastifyRequest, reply: FastifyReply): Way {
  if (request.url.startsWith('/api/')) return 'api'
  return String(reply.getHeader('content-disposition') ?? '').startsWith('attachment') ? 'file' : 'page'
}

export function mountReads(app: App, context: Context): void {
  const { zone } = context.settings
  const found = (given: ReadsQuery, request: FastifyRequest) =>
    asReader(context.db, actorOf(request), request.now, async (tx) => {
      const filters = { org: given.org, ...periodOf(given, zone) }
      const { reads, total } = await together({
        reads: listReads(tx, filters, cursorOf(given.after), perPage + 1),
        total: countReads(tx, filters),
      })
      const next = nextOf(
        reads.map(({ lastAt, id }) => ({ at: lastAt, id })),
        perPage,
      )
      return { reads: reads.slice(0, perPage), total, next }
    })

  app.get(
    '/trail/reads',
    { config: { access }, schema: { hide: true, querystring: readsQuery } },
    async (request, reply) => {
      const given = readsQuery.parse(request.query)
      const page = readsPage({ request, given, zone, ...(await found(given, request)) })
      return reply.type('text/html; charset=utf-8').send(page)
    },
  )

  const described = {
    tags: ['trail'],
    summary: 'Who looked at your organisation’s data without acting for it, newest first',
    querystring: readsQuery,
    response: { 200: readsAnswer },
  }
  app.get('/api/v1/reads', { config: { access }, schema: described }, (request) =>
    found(readsQuery.parse(request.query), request),
  )
}
