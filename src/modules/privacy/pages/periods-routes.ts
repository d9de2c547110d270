/** The periods of keeping: read by who answers for the installation, set by operators after they have seen what would go. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { daysWithin, history, inForce, setPeriod, wouldGo } from '../periods.ts'
import { periodPage } from './period.tsx'
import { periodsPage } from './periods.tsx'
import { page, sendHtml, text } from './route.ts'

const who: ('operator' | 'coordinator')[] = ['operator', 'coordinator']
type Params = { Params: { what: string } }
type Given = { days: string; reason: string; basisCs: string; basisEn: string }

export function mountPeriods(app: App, context: Context): void {
  const { zone } = context.settings
  const rawDays = context.settings.rawDays

  app.get('/retention', page({ who }), async (request, reply) => {
    const periods = await asReader(context.db, actorOf(request), request.now, inForce)
    const frame = frameOf(request, { title: request.t('privacy.periods.title'), active: 'privacy', zone })
    return sendHtml(reply, periodsPage({ frame, periods, rawDays }))
  })

  const draw = async (
    request: FastifyRequest<Params>,
    reply: FastifyReply,
    refused?: { errors: Record<string, string>; given: Given },
  ): Promise<FastifyReply> => {
    const { t, now } = request
    const actor = actorOf(request)
    const asked = refused?.given.days ?? text(request.query, 'days')
    const found = await asReader(context.db, actor, now, async (tx) => {
      const versions = await history(tx, request.params.what)
      const days = wished(versions[0].what, asked)
      return { versions, days, goes: days === null ? null : await wouldGo(tx, versions[0].what, days, now) }
    })
    const wrong = asked !== '' && found.days === null
    const errors = { ...refused?.errors, ...(wrong ? { days: t('privacy.period.error.days') } : {}) }
    const done = text(request.query, 'said') === 'set'
    const frame = frameOf(request, {
      title: t(`privacy.what.${found.versions[0].what}`),
      active: 'privacy',
      zone,
    })
    return sendHtml(
      reply,
      periodPage({ frame, actor, rawDays, ...found, asked, errors, given: refused?.given, done }),
      Object.keys(errors).length > 0 ? 422 : 200,
    )
  }

  app.get<Params>('/retention/:what', page({ who, objects: { what: 'other' } }), (request, reply) =>
    draw(request, reply),
  )

  const sample = { version: '1', days: '60', reason: 'x', basisCs: 'x', basisEn: 'x' }
  app.post<Params>(
    '/retention/:what',
    page({ who: ['operator'], objects: { what: 'other' }, fresh: true, sample }),
    async (request, reply) => {
      const { body, t } = request
      const given = {
        days: text(body, 'days'),
        reason: text(body, 'reason'),
        basisCs: text(body, 'basisCs'),
        basisEn: text(body, 'basisEn'),
      }
      const wish = { ...given, days: /^\d{1,5}$/.test(given.days) ? Number(given.days) : Number.NaN }
      const { what } = request.params
      const seen = text(body, 'version')
      const version = /^\d{1,9}$/.test(seen) ? Number(seen) : 0
      try {
        await setPeriod(context.db, what, version, wish, actorOf(request), request.now)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const said = Object.entries(error.fields).map(([name, word]) => [
          name,
          t(`privacy.period.error.${word}`),
        ])
        return draw(request, reply, { errors: Object.fromEntries(said), given })
      }
      return reply.redirect(`/retention/${what}?said=set`, 303)
    },
  )
}

/** The days that were asked for; null when none, or not within the bounds. */
function wished(what: Parameters<typeof daysWithin>[0], asked: string): number | null {
  try {
    return asked === '' ? null : daysWithin(what, asked)
  } catch {
    return null
  }
}
