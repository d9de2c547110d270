/** How well organisations can be reached, and the simple form of a duty. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml } from '../../../platform/page-routes.ts'
import { memberRoles } from '../../members/index.ts'
import { mayKeep } from '../may.ts'
import { reachPage } from '../pages/reach.tsx'
import { simplePage } from '../pages/simple.tsx'
import { eligible } from '../people.ts'
import { distribution, scores } from '../reach/reckon.ts'
import { idParam, simpleForm } from '../schema.ts'
import { type SimpleDuty, setSimple, simpleOf } from '../simple.ts'

const readers: Access = { who: [...memberRoles, 'coordinator'] }

export function mountReach(app: App, context: Context): void {
  const { db, settings } = context
  const { zone } = settings

  app.get('/duty/reach', page(readers), async (request, reply) => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, async (tx) => ({
      all: await scores(tx),
      distribution: await distribution(tx),
    }))
    const own = new Set(organisationsOf(actor).map(({ id }) => id))
    const frame = frameOf(request, { title: request.t('reach.title'), active: 'duty', zone })
    return sendHtml(
      reply,
      reachPage({
        frame,
        own: found.all.filter(({ org }) => own.has(org)),
        others: found.all.filter(({ org }) => !own.has(org)),
        distribution: found.distribution,
      }),
    )
  })

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    org: number,
    refused?: { given: SimpleDuty; errors: Record<string, string> },
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, async (tx) => {
      const { rows } = await tx.query<{ name: string }>(
        'select id as org, name from organisations where id = $1',
        [org],
      )
      return { name: rows[0]?.name, held: await simpleOf(tx, org) }
    })
    const isOurs = isCoordinator(actor) || actor.engagements.some((e) => e.org === org)
    if (found.name === undefined || !isOurs) throw new NotFound('There is no such organisation')
    const drawn = simplePage({
      frame: frameOf(request, { title: request.t('duty.simple'), active: 'duty', zone }),
      org,
      orgName: found.name,
      given: refused?.given ?? found.held ?? { people: [], always: false },
      people: await asEngine(db, (tx) => eligible(tx, org, request.now)),
      mayKeep: mayKeep(actor, org),
      errors: Object.fromEntries(
        Object.entries(refused?.errors ?? {}).map(([k, v]) => [k, request.t(`duty.wrong.${v}`)]),
      ),
      done: doneOf(request, ['kept']) === 'kept',
    })
    return sendHtml(reply, drawn, refused ? 422 : 200)
  }

  const orgIn = (request: FastifyRequest): number => {
    const id = idParam.safeParse((request.params as Record<string, unknown>).org)
    if (!id.success) throw new NotFound('There is no such organisation')
    return id.data
  }
  const ofOrg: Access = { ...readers, objects: { org: 'organisation' } }
  app.get('/duty/simple/:org', page(ofOrg), (request, reply) => draw(request, reply, orgIn(request)))
  app.post('/duty/simple/:org', page({ ...ofOrg, sample: { people: '1' } }), async (request, reply) => {
    const org = orgIn(request)
    const actor = actorOf(request)
    if (!isCoordinator(actor) && !actor.engagements.some((e) => e.org === org))
      throw new NotFound('There is no such organisation')
    const form = simpleForm.safeParse(request.body ?? {})
    if (!form.success) throw new Invalid(request.t('duty.wrong.form'))
    try {
      await asEngine(db, (tx) => setSimple(tx, org, form.data, actor, request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, org, { given: form.data, errors: error.fields })
    }
    return reply.redirect(`/duty/simple/${org}?done=kept`, 303)
  })
}
