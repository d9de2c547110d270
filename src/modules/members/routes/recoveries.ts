/** Letting a colleague in again, by two people; and the link that comes of it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, type Role, roles } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { type RecoveriesProps, recoveriesDone, recoveriesPage } from '../pages/recoveries.tsx'
import { confirm, confirmable, mayConfirm, propose, waiting, withdraw } from '../recoveries.ts'
import { idParam, recoveryForm } from '../schema.ts'
import { doneOf, sendPage } from './answers.ts'

const proposers: Role[] = ['coordinator', 'representative']
/** Operators run the servers; whom to let in is not theirs to say. */
const deciders: Role[] = roles.filter((role) => role !== 'operator')

const problemOf = (error: unknown): RecoveriesProps['problem'] => {
  if (error instanceof Invalid) return 'nobody'
  if (error instanceof Forbidden) return 'others'
  return error instanceof WrongState ? 'proposed' : undefined
}
const statuses = { nobody: 422, reason: 422, others: 403, proposed: 409 }

export function mountRecoveries(app: App, context: Context): void {
  const page = (access: Access) => ({ config: { access }, schema: { hide: true } })

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused: Pick<RecoveriesProps, 'typed' | 'problem'> = {},
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const found = await asReader(context.db, actor, request.now, (tx) => waiting(tx))
    const shown = recoveriesPage({
      ...refused,
      frame: {
        ...frameOf(request, {
          title: request.t('members.recoveries.title'),
          active: 'account',
          zone: context.settings.zone,
        }),
        path: '/recoveries',
      },
      waiting: found.map((one) => ({
        ...one,
        mayConfirm: mayConfirm(actor, one),
        isOwnProposal: one.proposedBy === actor.person,
      })),
      mayPropose: actor.engagements.some((e) => proposers.includes(e.role)),
      done: doneOf(request, recoveriesDone),
    })
    return sendPage(reply, shown, refused.problem ? statuses[refused.problem] : 200)
  }

  const idOf = (request: FastifyRequest): number => {
    const id = idParam.safeParse((request.params as { recovery: string }).recovery)
    if (!id.success) throw new NotFound('There is no such proposal.')
    return id.data
  }

  app.get('/recoveries', page({ who: deciders }), (request, reply) => draw(request, reply))

  app.post(
    '/recoveries',
    page({ who: proposers, fresh: true, sample: { colleague: 'somebody', reason: 'lost phone' } }),
    async (request, reply) => {
      const form = recoveryForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, { problem: 'nobody' })
      const typed = { colleague: form.data.colleague.trim(), reason: form.data.reason.trim() }
      if (typed.reason === '') return draw(request, reply, { typed, problem: 'reason' })
      try {
        const given = { email: typed.colleague, reason: typed.reason }
        await propose(context, given, actorOf(request), request.now)
      } catch (error) {
        const problem = problemOf(error)
        if (problem) return draw(request, reply, { typed, problem })
        throw error
      }
      return reply.redirect('/recoveries?done=proposed', 303)
    },
  )

  app.post(
    '/recoveries/:recovery/confirmation',
    page({ who: deciders, fresh: true, objects: { recovery: 'recovery' } }),
    async (request, reply) => {
      const actor = actorOf(request)
      const id = idOf(request)
      const recovery = await asReader(context.db, actor, request.now, (tx) => confirmable(tx, id, actor))
      await confirm(context, recovery, actor, request.now)
      return reply.redirect('/recoveries?done=confirmed', 303)
    },
  )

  app.post(
    '/recoveries/:recovery/withdrawal',
    page({ who: deciders, objects: { recovery: 'recovery' } }),
    async (request, reply) => {
      const actor = actorOf(request)
      await asActor(context.db, actor, request.now, (tx) => withdraw(tx, idOf(request), actor, request.now))
      return reply.redirect('/recoveries?done=withdrawn', 303)
    },
  )
}
