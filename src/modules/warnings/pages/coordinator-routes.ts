/** Pages for coordinators that read whole: credibility of detectors, and the times of answers. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { answerTimes } from '../answers.ts'
import { credibilityList, restoreCredibility } from '../credibility.ts'
import { coordinators, idOf, text } from './access.ts'
import { answersPage, periods } from './answers.tsx'
import { credibilityPage } from './credibility.tsx'
import type { Query } from './filters.ts'
import { page, sendHtml } from './route.ts'
import { sectorPage } from './sector.tsx'
import { gatherSector } from './sector-data.ts'

const dayMs = 86_400_000
const weeks = 12

export function mountCoordinators(app: App, context: Context): void {
  app.get<{ Querystring: Query }>('/credibility', page({ who: coordinators }), async (request, reply) => {
    const rows = await asActor(context.db, actorOf(request), request.now, credibilityList)
    const frame = frameOf(request, { active: 'rules', title: request.t('warnings.credibility.title') })
    return sendHtml(reply, credibilityPage({ frame, rows, restored: request.query.said === 'restored' }))
  })

  app.post(
    '/credibility/restoration',
    page({ who: coordinators, sample: { detector: '1', cls: '1', org: '1' } }),
    async (request, reply) => {
      const { body } = request
      const which = {
        detector: idOf(text(body, 'detector')),
        cls: idOf(text(body, 'cls')),
        org: idOf(text(body, 'org')),
      }
      await restoreCredibility(context.db, actorOf(request), which, request.now)
      return reply.redirect('/credibility?said=restored', 303)
    },
  )

  app.get<{ Querystring: Query }>('/answers', page({ who: coordinators }), async (request, reply) => {
    const { now, query } = request
    const days = periods.find((one) => one === query.days) ?? '30'
    const long = Number(days) * dayMs
    const found = await asActor(context.db, actorOf(request), now, async (tx) => {
      const trend: (number | null)[] = []
      for (let back = weeks; back > 0; back--)
        trend.push(
          (await answerTimes(tx, now - back * 7 * dayMs, now - (back - 1) * 7 * dayMs)).medianMinutes,
        )
      return {
        times: await answerTimes(tx, now - long, now),
        before: await answerTimes(tx, now - 2 * long, now - long),
        trend,
      }
    })
    const frame = frameOf(request, { active: 'home', title: request.t('warnings.answers.title') })
    return sendHtml(reply, answersPage({ frame, ...found, days, from: now - long }))
  })

  app.get('/sector', page({ who: coordinators }), async (request, reply) => {
    const data = await gatherSector(context, actorOf(request), request.now)
    return sendHtml(
      reply,
      sectorPage({
        frame: frameOf(request, { active: 'sector', title: request.t('warnings.sector.title') }),
        data,
      }),
    )
  })
}
