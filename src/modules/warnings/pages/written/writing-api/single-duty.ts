/** For coordinators' programs: periods in which one of them alone is on duty. */
import { z } from 'zod'
import { asReader } from '../../../../../platform/access.ts'
import type { Context } from '../../../../../platform/context.ts'
import { iso } from '../../../../../platform/dates.ts'
import { type App, actorOf } from '../../../../../platform/http.ts'
import { declare, periods, shorten } from '../../../written/duty.ts'
import { coordinators, smallIdOf } from '../../access.ts'
import { doing, instant } from './shapes.ts'

const api = (access: object, summary: string, schema: object) => ({
  config: { access: { who: coordinators, ...access } },
  schema: { tags: ['duty'], summary, ...schema },
})
const given = z.iso.datetime({ offset: true })
const periodParams = z.object({ period: z.string().max(15) })
const answer = z.object({
  periods: z.array(
    z.object({
      id: z.number(),
      from: instant,
      to: instant,
      reason: z.string(),
      declared_by: z.string().nullable(),
      declared_at: instant,
    }),
  ),
})
const body = z.object({ from: given, to: given, reason: z.string().max(500) })

export function mountSingleDutyApi(app: App, { db }: Context): void {
  app.get(
    '/api/v1/duty/single',
    api({}, 'Periods in which one coordinator alone releases an emergency, the newest first', {
      response: { 200: answer },
    }),
    async (request) => {
      const found = await asReader(db, actorOf(request), request.now, periods)
      return {
        periods: found.map((one) => ({
          ...{ id: one.id, from: iso(one.startsAt), to: iso(one.endsAt), reason: one.reason },
          ...{ declared_by: one.declaredBy, declared_at: iso(one.declaredAt) },
        })),
      }
    },
  )
  const sample = { from: '2099-01-01T18:00:00Z', to: '2099-01-02T06:00:00Z', reason: 'Sám ve službě' }
  app.post<{ Body: z.infer<typeof body> }>(
    '/api/v1/duty/single',
    api({ sample }, 'Declare a period of single duty beforehand', { body, response: { 204: z.null() } }),
    async (request, reply) => {
      const { from, to, reason } = request.body
      const wanted = { startsAt: Date.parse(from), endsAt: Date.parse(to), reason }
      await doing(declare(db, actorOf(request), wanted, request.now))
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: z.infer<typeof periodParams> }>(
    '/api/v1/duty/single/:period',
    api({ objects: { period: 'written' } }, 'End a period now, or take back one to come', {
      ...{ params: periodParams, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await shorten(db, actorOf(request), smallIdOf(request.params.period), request.now)
      return reply.status(204).send(null)
    },
  )
}
