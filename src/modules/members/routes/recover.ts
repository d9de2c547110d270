/** The link that two colleagues let go out. The path is the proof, together with the password. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import type { Problem } from '../pages/problem.tsx'
import { overRecoverPage, recoverPage } from '../pages/recover.tsx'
import { isLink, recover } from '../recover.ts'
import { recoverForm } from '../schema.ts'
import type { SignedIn } from '../sign-in.ts'
import { fromOf, keepSession, sendPage } from './answers.ts'

export function mountRecover(app: App, context: Context): void {
  const access = { who: 'anyone', by: 'token', objects: { token: 'other' } } as const
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token
  const frame = (request: FastifyRequest, title: string) =>
    frameOf(request, { title: request.t(title), zone: context.settings.zone })
  const over = (request: FastifyRequest): string =>
    overRecoverPage(frame(request, 'members.newPassword.over.title'), context.settings.coordinatorPhone)
  const page = (request: FastifyRequest, problem?: Problem): string =>
    recoverPage({ frame: frame(request, 'members.recover.title'), token: tokenOf(request), problem })

  app.get('/recover/:token', { config: { access }, schema: { hide: true } }, async (request, reply) =>
    (await isLink(context, tokenOf(request), request.now))
      ? sendPage(reply, page(request))
      : sendPage(reply, over(request), 410),
  )

  app.post(
    '/recover/:token',
    {
      config: { access: { ...access, sample: { password: 'not the password' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const form = recoverForm.safeParse(request.body)
      if (!form.success) return sendPage(reply, page(request, { kind: 'wrong' }), 422)
      const from = fromOf(request)
      let signed: SignedIn
      try {
        const given = { password: form.data.password, ...from }
        signed = await recover(context, tokenOf(request), given, request.now)
      } catch (error) {
        if (error instanceof WrongState) return sendPage(reply, over(request), 410)
        throw error
      }
      if ('token' in signed)
        return keepSession(request, reply, signed.token, from).redirect('/account/means', 303)
      if (signed.refusal === 'wrong') return sendPage(reply, page(request, { kind: 'wrong' }), 422)
      reply.header('retry-after', String(Math.ceil(signed.waitMs / 1_000)))
      return sendPage(reply, page(request, { kind: 'wait', ms: signed.waitMs }), 429)
    },
  )
}
