/** The page of a warning's messages for whoever reads the warning. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { whyPage } from '../pages/why.tsx'
import { numberIn } from '../schema.ts'
import { type About, toldOf } from '../why.ts'

const who: Access['who'] = [
  'representative',
  'security_manager',
  'admin',
  'duty',
  'dpo',
  'manager',
  'coordinator',
]

export function mountWhy(app: App, { db, settings }: Context): void {
  const mount = (path: string, object: 'warning' | 'written', about: (id: number) => About): void => {
    app.get(`${path}/:id/messages`, page({ who, objects: { id: object } }), async (request, reply) => {
      const actor = actorOf(request)
      const id = numberIn(request)
      const told = await asActor(db, actor, request.now, (tx) => toldOf(tx, about(id), actor))
      const frame = frameOf(request, {
        title: request.t('why.title'),
        active: object === 'warning' ? 'warnings' : 'written',
        zone: settings.zone,
      })
      return sendHtml(reply, whyPage({ frame, told, back: `${path}/${id}` }))
    })
  }
  mount('/warnings', 'warning', (id) => ({ warning: id }))
  mount('/warnings/written', 'written', (id) => ({ written: id }))
}
