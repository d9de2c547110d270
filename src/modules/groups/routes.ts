/** What people reach of this module: the groups, their seats, and where somebody is lacking. */
import { isCoordinator } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { together } from '../../platform/database.ts'
import { frameOf } from '../../platform/frame.ts'
import { type App, actorOf } from '../../platform/http.ts'
import { gaps } from './coverage.ts'
import { groups } from './groups.ts'
import { listDone, listPage } from './pages/list.tsx'
import { waiting } from './roster.ts'
import { asAsker, doneOf, page, sendPage } from './routes/answers.ts'
import { mountEditing } from './routes/editing.ts'
import { mountJoining } from './routes/joining.ts'
import { mountModerating } from './routes/moderating.ts'
import { drawGroup } from './routes/show.ts'
import { standings } from './standing.ts'

export function mountGroups(app: App, context: Context): void {
  app.get('/groups', page({ who: 'signed-in' }), async (request, reply) => {
    const coordinates = isCoordinator(actorOf(request))
    const found = await asAsker(context, request, (tx) =>
      together({
        groups: groups(tx),
        standings: standings(tx),
        waiting: waiting(tx),
        gaps: coordinates ? gaps(tx) : Promise.resolve(null),
      }),
    )
    const frame = frameOf(request, {
      title: request.t('groups.title'),
      active: 'groups',
      zone: context.settings.zone,
    })
    return sendPage(reply, listPage({ frame, ...found, done: doneOf(request, listDone) }))
  })
  app.get('/groups/:slug', page({ who: 'signed-in', objects: { slug: 'group' } }), (request, reply) =>
    drawGroup(context, request, reply),
  )
  mountJoining(app, context)
  mountModerating(app, context)
  mountEditing(app, context)
}
