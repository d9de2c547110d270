/** Advisories written by coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { confirmAdvisory } from '../confirm.ts'
import { formOf, rewriteAdvisory, writeAdvisory } from '../hand.ts'
import { handPage } from '../pages/hand.tsx'
import { advisoryAt } from '../queries.ts'
import { confirmForm, type HandForm, handForm } from '../schema.ts'
import { waitingOf } from '../second.ts'
import { acting, faultsIn, idIn, page, reading, sendHtml, typed } from './answers.ts'

const coordinators: Access = { who: ['coordinator'] }
const one: Access = { ...coordinators, objects: { id: 'advisory' } }

const blank: HandForm = {
  ...{
    title: '',
    text: '',
    action: '',
    link: '',
    cves: '',
    products: '',
    severity: '',
    tlp: 'GREEN',
    base: '',
  },
}
const sample = { title: 'Zkouška', text: 'Zkouška formuláře', tlp: 'AMBER', base: '1' }

export function mountHand(app: App, context: Context): void {
  const draw = (
    request: FastifyRequest,
    reply: FastifyReply,
    props: { id: number | null; given: HandForm; errors?: Record<string, string>; problem?: boolean },
  ) => {
    const title = request.t(props.id === null ? 'advisories.hand.new' : 'advisories.hand.edit')
    const frame = frameOf(request, { title, active: 'advisories', zone: context.settings.zone })
    return sendHtml(
      reply,
      handPage({ frame, errors: {}, ...props }),
      props.problem ? 409 : props.errors ? 422 : 200,
    )
  }

  app.get('/advisories/new', page(coordinators), (request, reply) =>
    draw(request, reply, { id: null, given: blank }),
  )
  app.post('/advisories', page({ ...coordinators, sample }), async (request, reply) => {
    const given = typed(handForm, request)
    try {
      const id = await acting(context, request, (tx) =>
        writeAdvisory(tx, given, actorOf(request), request.now),
      )
      return reply.redirect(`/advisories/${id}?done=written`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { id: null, given, errors: faultsIn(request, error) })
    }
  })
  app.get('/advisories/:id/edit', page(one), async (request, reply) => {
    const { line, content } = await reading(context, request, async (tx) => {
      const waiting = await waitingOf(tx, idIn(request))
      return advisoryAt(tx, idIn(request), waiting?.seq ?? null)
    })
    if (line.kind !== 'hand') throw new WrongState('Only what was written here can be changed here')
    return draw(request, reply, { id: line.id, given: formOf(content) })
  })
  app.post('/advisories/:id', page({ ...one, sample }), async (request, reply) => {
    const id = idIn(request)
    const given = typed(handForm, request)
    try {
      await acting(context, request, (tx) => rewriteAdvisory(tx, id, given, actorOf(request), request.now))
      return reply.redirect(`/advisories/${id}?done=written`, 303)
    } catch (error) {
      if (error instanceof WrongState) return draw(request, reply, { id, given, problem: true })
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { id, given, errors: faultsIn(request, error) })
    }
  })
  app.post(
    '/advisories/:id/confirmation',
    page({ ...one, sample: { version: '1' } }),
    async (request, reply) => {
      const id = idIn(request)
      const { version } = typed(confirmForm, request)
      await acting(context, request, (tx) => confirmAdvisory(tx, id, version, actorOf(request), request.now))
      return reply.redirect(`/advisories/${id}?done=confirmed`, 303)
    },
  )
}
