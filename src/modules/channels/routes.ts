/** Doors of this module: the log of deliveries for coordinators, the link by which ordinary mails are left, and the way back. */
import { asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { type Access, type App, actorOf } from '../../platform/http.ts'
import { cursorOf, nextOf } from '../../platform/paging.ts'
import { countDeliveries, listDeliveries } from './deliveries.ts'
import { deliveriesPage } from './pages/deliveries.tsx'
import { mountUnsubscribe } from './pages/unsubscribe.tsx'
import { mountKeys } from './pgp/routes.ts'
import { mountWayApi } from './routes/api-ways.ts'
import { mountWebhookApi } from './routes/api-webhooks.ts'
import { mountReplies } from './routes/replies.ts'
import { mountWays } from './routes/ways.ts'
import { mountWebhooks } from './routes/webhooks.ts'
import { mountWhy } from './routes/why.ts'
import { mountAddresses } from './routes-addresses.ts'
import { type DeliveryQuery, deliveriesAnswer, query } from './schema.ts'
import { latestReplies } from './sms/incoming.ts'
import { clearOwn } from './unsubscribe.ts'
import { downWays } from './ways/states.ts'

const access: Access = { who: ['coordinator'] }

const perPage = 100
const mostReplies = 20

export async function mountChannels(app: App, context: Context): Promise<void> {
  const page = async (given: DeliveryQuery, request: Parameters<typeof actorOf>[0]) =>
    asActor(context.db, actorOf(request), request.now, async (tx) => {
      const rows = await listDeliveries(tx, given, cursorOf(given.after), perPage + 1)
      return {
        rows: rows.slice(0, perPage),
        next: nextOf(
          rows.map(({ decidedAt, id }) => ({ at: decidedAt, id })),
          perPage,
        ),
        total: await countDeliveries(tx, given),
      }
    })

  app.get(
    '/deliveries',
    { config: { access }, schema: { hide: true, querystring: query } },
    async (request, reply) => {
      const given = query.parse(request.query)
      const found = await page(given, request)
      const beside = await asActor(context.db, actorOf(request), request.now, async (tx) => ({
        down: await downWays(tx),
        replies: await latestReplies(tx, mostReplies),
      }))
      return reply
        .type('text/html; charset=utf-8')
        .send(deliveriesPage({ request, given, ...found, ...beside }))
    },
  )

  const described = {
    tags: ['deliveries'],
    summary: 'The log of mails: decided, queued, handed over, failed, held',
    querystring: query,
    response: { 200: deliveriesAnswer },
  }
  app.get('/api/v1/deliveries', { config: { access }, schema: described }, async (request) => {
    const { rows, next, total } = await page(query.parse(request.query), request)
    return { deliveries: rows, next, total }
  })

  app.post(
    '/account/mail-choice/withdrawal',
    { config: { access: { who: 'signed-in' } }, schema: { hide: true } },
    async (request, reply) => {
      await clearOwn(context.db, actorOf(request), request.now)
      return reply.redirect('/account?done=saved', 303)
    },
  )

  mountAddresses(app, context)
  await mountWays(app, context)
  mountKeys(app, context)
  mountWebhooks(app, context)
  mountWebhookApi(app, context)
  mountWayApi(app, context)
  mountReplies(app, context)
  mountWhy(app, context)
  await mountUnsubscribe(app, context)
}
