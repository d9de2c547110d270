/** Setting an authenticator app up and taking it away. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import { totpPage } from '../pages/totp.tsx'
import { firstCodes } from '../recovery-codes.ts'
import { codeForm } from '../schema.ts'
import { beginTotp, confirmTotp, pendingTotp, removeTotp } from '../totp.ts'
import { backIn, fromOf, keepSession, sendPage, sessionIn } from './answers.ts'
import { sendCodes } from './means.ts'

const means = (back: string, done = ''): string =>
  `/account/means?${new URLSearchParams({ ...(done && { done }), back })}`

export function mountTotp(app: App, context: Context): void {
  const access = { who: 'signed-in' as const, reach: ['enrol' as const] }

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    isWrong = false,
  ): Promise<FastifyReply> => {
    const back = backIn(request)
    const pending = await pendingTotp(context, sessionIn(request), request.now)
    if (!pending) return reply.redirect(means(back), 303)
    const frame = frameOf(request, { title: request.t('members.totp.title'), zone: context.settings.zone })
    // A change of language leads to a page that can be looked at, not to the form's address.
    const page = totpPage({ frame: { ...frame, path: '/account/totp' }, ...pending, back, isWrong })
    return sendPage(reply, page, isWrong ? 422 : 200)
  }

  app.get('/account/totp', { config: { access }, schema: { hide: true } }, (request, reply) =>
    draw(request, reply),
  )

  app.post(
    '/account/totp',
    { config: { access: { ...access, fresh: true } }, schema: { hide: true } },
    async (request, reply) => {
      await beginTotp(context, sessionIn(request), request.now)
      return reply.redirect(`/account/totp?back=${encodeURIComponent(backIn(request))}`, 303)
    },
  )

  app.post(
    '/account/totp/confirmation',
    { config: { access: { ...access, sample: { code: '000000' } } }, schema: { hide: true } },
    async (request, reply) => {
      const form = codeForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, true)
      const session = sessionIn(request)
      const back = backIn(request)
      try {
        const from = fromOf(request)
        const given = { code: form.data.code, ...from }
        keepSession(request, reply, await confirmTotp(context, session, given, request.now), from)
      } catch (error) {
        if (error instanceof Invalid) return draw(request, reply, true)
        throw error
      }
      const codes = await firstCodes(context, session, request.now)
      return codes ? sendCodes(request, reply, codes, back) : reply.redirect(means(back, 'totp'), 303)
    },
  )

  app.post(
    '/account/totp/removal',
    { config: { access: { who: 'signed-in', fresh: true } }, schema: { hide: true } },
    async (request, reply) => {
      await removeTotp(context, sessionIn(request), request.now)
      return reply.redirect(means('/', 'no-totp'), 303)
    },
  )
}
