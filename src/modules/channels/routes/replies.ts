/** What people wrote to our number, for coordinators. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml, text } from '../../../platform/page-routes.ts'
import { repliesPage } from '../pages/replies.tsx'
import { numberIn } from '../schema.ts'
import { latestReplies, settleReply } from '../sms/incoming.ts'

const access: Access = { who: ['coordinator'] }
const most = 200

export function mountReplies(app: App, { db, settings }: Context): void {
  app.get('/short-replies', page(access), async (request, reply) => {
    const all = text(request.query, 'all') === '1'
    const replies = await asActor(db, actorOf(request), request.now, (tx) => latestReplies(tx, most, !all))
    const frame = frameOf(request, {
      title: request.t('ways.replies'),
      active: 'deliveries',
      zone: settings.zone,
    })
    return sendHtml(reply, repliesPage({ frame, replies, all }))
  })

  app.post(
    '/short-replies/:id/settlement',
    page({ ...access, objects: { id: 'short_reply' } }),
    async (request, reply) => {
      const actor = actorOf(request)
      await asActor(db, actor, request.now, (tx) => settleReply(tx, numberIn(request), actor, request.now))
      return reply.redirect('/short-replies', 303)
    },
  )
}
