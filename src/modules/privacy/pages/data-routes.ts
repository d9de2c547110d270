/** One's own data, handed out after a fresh proof; the record of processing. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { periods } from '../../../platform/retention.ts'
import { exportOf } from '../export.ts'
import { inForce } from '../periods.ts'
import { daysIn, recordOf } from '../record.ts'
import { askPage, dataPage } from './data.tsx'
import { processingPage } from './processing.tsx'
import { page, sendHtml, text } from './route.ts'

export function mountData(app: App, context: Context): void {
  const { zone, rawDays } = context.settings

  app.get('/account/data', page({ who: 'signed-in' }), async (request, reply) => {
    const days = await asReader(context.db, actorOf(request), request.now, periods)
    const frame = frameOf(request, { title: request.t('privacy.data.title'), active: 'account', zone })
    return sendHtml(reply, askPage({ frame, days: days.people }))
  })

  // Nothing is changed by it, but what it hands out is worth a stolen session: so it asks for a fresh proof, and is no GET.
  app.post('/account/data', page({ who: 'signed-in', fresh: true }), async (request, reply) => {
    const actor = actorOf(request)
    const data = await exportOf(context.db, actor.person, actor, request.now)
    if (text(request.body, 'as') === 'json')
      return reply
        .header('content-disposition', `attachment; filename="hsoc-person-${actor.person}.json"`)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(data, null, 2))
    const frame = frameOf(request, { title: request.t('privacy.data.title'), active: 'account', zone })
    return sendHtml(reply, dataPage({ frame, data }))
  })

  app.get('/processing', page({ who: ['dpo', 'operator', 'coordinator'] }), async (request, reply) => {
    const found = await asReader(context.db, actorOf(request), request.now, inForce)
    const frame = frameOf(request, {
      title: request.t('privacy.processing.title'),
      active: 'privacy',
      zone,
    })
    return sendHtml(reply, processingPage({ frame, chapters: recordOf(daysIn(found, rawDays)) }))
  })
}
