/** The second half of a sign-in by password. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import { hasPasskeys } from '../means.ts'
import type { Problem } from '../pages/problem.tsx'
import { secondPage } from '../pages/second.tsx'
import { partyOf } from '../passkeys.ts'
import { codeForm } from '../schema.ts'
import { giveSecond } from '../second-factor.ts'
import { backIn, fromOf, keepSession, sendPage, sessionIn } from './answers.ts'

export function mountSecond(app: App, context: Context): void {
  const access = { who: 'signed-in', reach: ['second'] } as { who: 'signed-in'; reach: ['second'] }

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    problem?: Problem,
  ): Promise<FastifyReply> => {
    const { settings } = context
    const { person } = sessionIn(request).actor
    const page = secondPage({
      frame: frameOf(request, { title: request.t('members.second.title'), zone: settings.zone }),
      back: backIn(request),
      hasPasskeys:
        partyOf(settings) !== null && (await asEngine(context.db, (tx) => hasPasskeys(tx, person))),
      phone: settings.coordinatorPhone,
      problem,
    })
    return sendPage(reply, page, problem === undefined ? 200 : problem.kind === 'wait' ? 429 : 422)
  }

  app.get('/sign-in/second', { config: { access }, schema: { hide: true } }, async (request, reply) =>
    sessionIn(request).reach === 'second' ? draw(request, reply) : reply.redirect(backIn(request), 303),
  )

  app.post('/sign-in/second', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    const half = sessionIn(request)
    const back = backIn(request)
    if (half.reach !== 'second') return reply.redirect(back, 303)
    const form = codeForm.safeParse(request.body)
    if (!form.success) return draw(request, reply, { kind: 'wrong' })
    const from = fromOf(request)
    const signed = await giveSecond(context, half, { code: form.data.code, ...from }, request.now)
    if ('token' in signed) {
      const to =
        signed.by === 'recovery' ? `/account/means?done=recovery&back=${encodeURIComponent(back)}` : back
      return keepSession(request, reply, signed.token, from).redirect(to, 303)
    }
    if (signed.refusal === 'wrong') return draw(request, reply, { kind: 'wrong' })
    reply.header('retry-after', String(Math.ceil(signed.waitMs / 1_000)))
    return draw(request, reply, { kind: 'wait', ms: signed.waitMs })
  })
}
