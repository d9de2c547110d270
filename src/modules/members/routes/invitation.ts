/** The link of an invitation: what is offered, and taking it. Looking never accepts. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { Access, App } from '../../../platform/http.ts'
import type { Weakness } from '../../../platform/passwords.ts'
import { accept, offerOf } from '../invitations.ts'
import { type InvitationProblem, invitationOverPage, invitationPage } from '../pages/invitation.tsx'
import { acceptForm } from '../schema.ts'
import { sendPage } from './answers.ts'

const access: Access = { who: 'anyone', by: 'token', objects: { token: 'other' } }

export function mountInvitation(app: App, context: Context): void {
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token
  const frame = (request: FastifyRequest) =>
    frameOf(request, { title: request.t('people.invitation.title'), zone: context.settings.zone })
  const over = (request: FastifyRequest, reply: FastifyReply) =>
    sendPage(reply, invitationOverPage(frame(request)), 410)

  const draw = async (request: FastifyRequest, reply: FastifyReply, problem?: InvitationProblem) => {
    const token = tokenOf(request)
    const offer = await offerOf(context, token, request.now)
    if (!offer) return over(request, reply)
    const props = { frame: frame(request), token, offer, signedIn: request.actor?.person ?? null }
    return sendPage(reply, invitationPage({ ...props, ...(problem ? { problem } : {}) }), problem ? 422 : 200)
  }

  app.get('/invitation/:token', { config: { access }, schema: { hide: true } }, (request, reply) =>
    draw(request, reply),
  )

  const sample = { password: 'four quiet green lamps', again: 'four quiet green lamps' }
  app.post(
    '/invitation/:token',
    { config: { access: { ...access, sample } }, schema: { hide: true } },
    async (request, reply) => {
      const form = acceptForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, 'long')
      const { password = null, again = null } = form.data
      if (password !== again) return draw(request, reply, 'differs')
      try {
        const offer = await accept(context, tokenOf(request), { actor: request.actor, password }, request.now)
        const to = request.actor ? `/members/${offer.org}` : '/sign-in?done=joined'
        return reply.redirect(to, 303)
      } catch (error) {
        if (error instanceof WrongState) return over(request, reply)
        if (error instanceof Forbidden) return draw(request, reply, 'other')
        if (error instanceof Invalid) return draw(request, reply, error.fields.password as Weakness) // the only field it names
        throw error
      }
    },
  )
}
