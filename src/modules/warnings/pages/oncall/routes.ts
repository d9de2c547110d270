/** The board of what climbs: read by the member concerned and the coordinators, who take what came to them. */
import { asReader, isCoordinator } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { doneOf } from '../../../../platform/page-routes.ts'
import { climbs, close, take } from '../../oncall/board.ts'
import { coordinators, idOf, readers } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import { oncallPage } from './board.tsx'

export function mountOncall(app: App, context: Context): void {
  const { db, settings } = context
  app.get('/oncall', page({ who: readers }), async (request, reply) => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, climbs)
    const frame = frameOf(request, {
      title: request.t('oncall.title'),
      active: 'oncall',
      zone: settings.zone,
    })
    const coordinates = isCoordinator(actor)
    return sendHtml(
      reply,
      oncallPage({ frame, climbs: found, coordinates, done: doneOf(request, ['taken', 'closed']) }),
    )
  })

  for (const [noun, deed, done] of [
    ['taking', take, 'taken'],
    ['closing', close, 'closed'],
  ] as const)
    app.post<{ Params: { climb: string } }>(
      `/oncall/:climb/${noun}`,
      page({ who: coordinators, objects: { climb: 'written' } }),
      async (request, reply) => {
        const id = idOf(request.params.climb)
        await asEngine(db, (tx) => deed(tx, id, actorOf(request), request.now))
        return reply.redirect(`/oncall?done=${done}`, 303)
      },
    )
}
