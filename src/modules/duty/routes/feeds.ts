/** Duties in somebody's own calendar: the page where feeds are made, and the address that calendars read. */
import type { FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { memberRoles } from '../../members/index.ts'
import { feedText } from '../feed-text.ts'
import { endFeed, feedsOf, makeFeed } from '../feeds.ts'
import { feedMadePage, feedsPage } from '../pages/feeds.tsx'
import { duties, dutyAt } from '../read.ts'
import { idParam } from '../schema.ts'

const readers: Access = { who: [...memberRoles, 'coordinator'] }
const refreshSeconds = 300

export function mountFeeds(app: App, context: Context): void {
  const { db, settings } = context
  const frame = (request: FastifyRequest, title: string) =>
    frameOf(request, { title, active: 'duty', zone: settings.zone })

  app.get('/duty/feeds', page(readers), async (request, reply) => {
    const found = await asReader(db, actorOf(request), request.now, async (tx) => ({
      feeds: await feedsOf(tx),
      duties: (await duties(tx)).slice(0, 500),
    }))
    const chosen = text(request.query, 'duty')
    const done = doneOf(request, ['ended']) === 'ended'
    return sendHtml(
      reply,
      feedsPage({ frame: frame(request, request.t('duty.feeds')), ...found, chosen, done }),
    )
  })

  app.post('/duty/feeds', page({ ...readers, sample: { duty: '' } }), async (request, reply) => {
    const given = text(request.body, 'duty')
    const id = given === '' ? null : idParam.safeParse(given)
    if (id?.success === false) throw new Invalid(request.t('duty.wrong.form'))
    const duty = id === null ? null : id.data
    const actor = actorOf(request)
    if (duty !== null) await asReader(db, actor, request.now, (tx) => dutyAt(tx, duty, request.now))
    const token = await asEngine(db, (tx) => makeFeed(tx, duty, actor, request.now))
    const address = `${settings.baseUrl}/duty/feeds/${token}/duty.ics`
    return sendHtml(
      reply,
      feedMadePage({ frame: frame(request, request.t('duty.feed.made.title')), address }),
    )
  })

  const ofFeed: Access = { ...readers, objects: { id: 'duty_feed' } }
  app.post('/duty/feeds/:id/end', page(ofFeed), async (request, reply) => {
    const id = idParam.safeParse((request.params as Record<string, unknown>).id)
    if (!id.success) throw new NotFound('There is no such feed')
    await asEngine(db, (tx) => endFeed(tx, id.data, actorOf(request), request.now))
    return reply.redirect('/duty/feeds?done=ended', 303)
  })

  const open: Access = { who: 'anyone', by: 'token', objects: { token: 'other' } }
  app.get('/duty/feeds/:token/duty.ics', page(open), async (request, reply) => {
    const { token } = request.params as { token: string }
    const { text: body, etag } = await feedText(context, token, request.now)
    void reply.header('etag', etag).header('cache-control', `private, max-age=${refreshSeconds}`)
    if (request.headers['if-none-match']?.split(/,\s*/).includes(etag)) return reply.status(304).send()
    return reply.type('text/calendar; charset=utf-8').send(body)
  })
}
