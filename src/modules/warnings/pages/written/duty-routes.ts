/** The page of periods of single duty, for coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { together } from '../../../../platform/database.ts'
import { homeZone } from '../../../../platform/dates.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { instantOf } from '../../../../platform/local-time.ts'
import { declare, periodAt, periods, shorten } from '../../written/duty.ts'
import { coordinators, idOf, text } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import { type DutyForm, dutyPage } from './duty.tsx'

export function mountSingleDuty(app: App, context: Context): void {
  const { db } = context
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wrong?: { errors: Record<string, string>; given: DutyForm },
  ) => {
    const { t, now } = request
    const found = await asReader(db, actorOf(request), now, (tx) =>
      together({ periods: periods(tx), inForce: periodAt(tx, now) }),
    )
    const frame = frameOf(request, { active: 'written', title: t('written.duty.title') })
    const said = (request.query as { said?: string }).said
    const flash =
      said === 'declared' || said === 'ended' ? { text: t(`written.duty.flash.${said}`) } : undefined
    return sendHtml(reply, dutyPage({ frame, ...found, ...wrong, flash }), wrong ? 422 : 200)
  }
  app.get('/warnings/single-duty', page({ who: coordinators }), (request, reply) => draw(request, reply))

  const sample = { starts: '2099-01-01T18:00', ends: '2099-01-02T06:00', reason: 'Sám ve službě' }
  app.post('/warnings/single-duty', page({ who: coordinators, sample }), async (request, reply) => {
    const { body } = request
    const given = {
      starts: text(body, 'starts'),
      ends: text(body, 'ends'),
      reason: text(body, 'reason').slice(0, 1_000),
    }
    // What is no time lies before everything, and is refused as that.
    const startsAt = instantOf(given.starts, homeZone) ?? Number.NEGATIVE_INFINITY
    const endsAt = instantOf(given.ends, homeZone) ?? Number.NEGATIVE_INFINITY
    try {
      await declare(db, actorOf(request), { startsAt, endsAt, reason: given.reason }, request.now)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { errors: error.fields, given })
    }
    return reply.redirect('/warnings/single-duty?said=declared', 303)
  })

  app.post<{ Params: { period: string } }>(
    '/warnings/single-duty/:period/end',
    page({ who: coordinators, objects: { period: 'written' } }),
    async (request, reply) => {
      await shorten(db, actorOf(request), idOf(request.params.period), request.now)
      return reply.redirect('/warnings/single-duty?said=ended', 303)
    },
  )
}
