/** The page of what nobody is left to answer, for coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { closeUnattended, unattended } from '../unattended.ts'
import { coordinators, idOf, text } from './access.ts'
import { page, sendHtml } from './route.ts'
import { type UnattendedProps, unattendedPage } from './unattended.tsx'

export function mountUnattended(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    more: Pick<UnattendedProps, 'closed' | 'refused'> = {},
  ) => {
    const rows = await asReader(context.db, actorOf(request), request.now, unattended)
    const frame = frameOf(request, {
      title: request.t('unattended.title'),
      active: 'warnings',
      zone: context.settings.zone,
    })
    return sendHtml(reply, unattendedPage({ frame, rows, ...more }), more.refused ? 422 : 200)
  }

  app.get<{ Querystring: { closed?: string } }>(
    '/unattended',
    page({ who: coordinators }),
    (request, reply) => {
      const { closed = '' } = request.query
      return draw(request, reply, /^\d{1,6}$/.test(closed) ? { closed: Number(closed) } : {})
    },
  )

  app.post<{ Params: { org: string } }>(
    '/unattended/:org/closure',
    page({ who: coordinators, objects: { org: 'organisation' }, sample: { reason: 'Organizace odešla' } }),
    async (request, reply) => {
      const [org, reason] = [idOf(request.params.org), text(request.body, 'reason')]
      try {
        const n = await closeUnattended(context.db, actorOf(request), { org, reason }, request.now)
        return await reply.redirect(`/unattended?closed=${n}`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, {
          refused: { org, reason, error: request.t('unattended.wrong.reason') },
        })
      }
    },
  )
}
