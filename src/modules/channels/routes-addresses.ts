/** Addresses that return mails, for whoever can mend them. */
import { asReader, isCoordinator } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { frameOf } from '../../platform/frame.ts'
import { type App, actorOf } from '../../platform/http.ts'
import { sendHtml } from '../../platform/page-routes.ts'
import { mayTry, returnsOfWeek, standings, tryAgain } from './bounces/standings.ts'
import { addressesDone, addressesPage } from './pages/addresses.tsx'
import { numberIn } from './schema.ts'

export function mountAddresses(app: App, context: Context): void {
  app.get(
    '/mail-addresses',
    { config: { access: { who: 'signed-in' } }, schema: { hide: true } },
    async (request, reply) => {
      const [actor, { now }] = [actorOf(request), request]
      const found = await asReader(context.db, actor, now, async (tx) => ({
        rows: await standings(tx, now),
        week: isCoordinator(actor) ? await returnsOfWeek(tx, now) : null,
      }))
      const frame = frameOf(request, { title: request.t('returns.title'), active: 'deliveries' })
      const { done } = request.query as { done?: unknown }
      return sendHtml(
        reply,
        addressesPage({
          frame,
          ...found,
          mayTry: (row) => mayTry(row, actor),
          done: addressesDone.find((word) => word === done),
        }),
      )
    },
  )

  app.post(
    '/mail-addresses/:id/trial',
    {
      config: { access: { who: 'signed-in', objects: { id: 'mail_address' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      await tryAgain(context.db, numberIn(request), actorOf(request), request.now)
      return reply.redirect('/mail-addresses?done=trying', 303)
    },
  )
}
