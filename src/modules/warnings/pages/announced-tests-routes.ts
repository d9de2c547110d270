/** Announcing and withdrawing a member's own tests. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { instantOf } from '../../../platform/local-time.ts'
import { announceTest, listTests, withdrawTest } from '../announced.ts'
import { maySpeakFor } from '../may.ts'
import { atWork, idOf, readers, text } from './access.ts'
import { type TestForm, testsPage } from './announced-tests.tsx'
import { page, sendHtml } from './route.ts'

interface Query {
  said?: string
}

export function mountTests(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { errors: Record<string, string>; given: TestForm },
  ) => {
    const { t } = request
    const actor = actorOf(request)
    const tests = await asActor(context.db, actor, request.now, (tx) => listTests(tx, request.now))
    const { said } = request.query as Query
    const flash =
      said === 'announced' || said === 'withdrawn' ? { text: t(`warnings.tests.flash.${said}`) } : undefined
    return sendHtml(
      reply,
      testsPage({
        frame: frameOf(request, { active: 'tests', title: t('warnings.tests.title') }),
        actor,
        tests,
        flash,
        ...refused,
      }),
      refused ? 422 : 200,
    )
  }

  app.get('/announced-tests', page({ who: readers }), (request, reply) => draw(request, reply))

  const sample = { addresses: '192.0.2.10', starts: '2099-01-01T08:00', ends: '2099-01-02T08:00', note: '' }
  app.post('/announced-tests', page({ who: atWork, sample }), async (request, reply) => {
    const given = formOf(request.body)
    try {
      await announceTest(context.db, actorOf(request), wantedOf(given, request), request.now)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { errors: words(error, request), given })
    }
    return reply.redirect('/announced-tests?said=announced', 303)
  })

  app.post<{ Params: { id: string } }>(
    '/announced-tests/:id/withdrawal',
    page({ who: atWork, objects: { id: 'announced_test' } }),
    async (request, reply) => {
      await withdrawTest(context.db, actorOf(request), idOf(request.params.id), request.now)
      return reply.redirect('/announced-tests?said=withdrawn', 303)
    },
  )
}

const formOf = (body: unknown): TestForm => ({
  org: text(body, 'org'),
  addresses: text(body, 'addresses'),
  starts: text(body, 'starts'),
  ends: text(body, 'ends'),
  note: text(body, 'note').slice(0, 400),
})

/** The only organisation need not be chosen. Times are those of the reader's zone. */
function wantedOf(given: TestForm, request: FastifyRequest) {
  const actor = actorOf(request)
  const own = organisationsOf(actor).filter((org) => maySpeakFor(actor, org.id))
  const startsAt = instantOf(given.starts, homeZone)
  const endsAt = instantOf(given.ends, homeZone)
  if (startsAt === null) throw new Invalid('No beginning', { startsAt: 'When does it begin?' })
  if (endsAt === null) throw new Invalid('No end', { endsAt: 'When does it end?' })
  return {
    org: given.org === '' ? (own[0]?.id ?? -1) : idOf(given.org),
    addresses: given.addresses,
    startsAt,
    endsAt,
    note: given.note,
  }
}

/** Each mistake in the reader's language; the address at fault is named. */
function words(error: Invalid, { t }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(error.fields).map(([field, sentence]) => {
      const named = /^"([^"]+)"/.exec(sentence)?.[1]
      const key = named ? 'warnings.tests.error.address' : `warnings.tests.error.${field}`
      return [field, t.has(key) ? t(key, { text: named ?? '' }) : sentence]
    }),
  )
}
