/** The fresh proof that a dangerous act asks for, and the way back to the act with what was typed. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import { ownPath } from '../back.ts'
import { mayConfirmThere } from '../federation/again.ts'
import { type Given, isFresh, proveAgain } from '../fresh.ts'
import { againPage } from '../pages/again.tsx'
import type { Problem } from '../pages/problem.tsx'
import { againForm, usedPasskey } from '../schema.ts'
import { fromOf, sendPage, sessionIn } from './answers.ts'

/** Fields of a form in order, a field that came twice twice, without those of the proof itself. */
function keptOf(body: unknown): [string, string][] {
  return Object.entries((body ?? {}) as Record<string, unknown>)
    .filter(([name]) => name !== '_to' && !name.startsWith('_again_'))
    .flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)]))
}

/**
 * The page in place of an act that asks for a fresh proof; `to` is the act's address. `pending`: the proof that somebody
 * else is to confirm has not come yet.
 */
export function askAgain(request: FastifyRequest, to = request.url, problem?: Problem | 'pending'): string {
  return againPage({
    frame: { ...frameOf(request, { title: request.t('members.again.title') }), path: '/account' },
    to,
    kept: keptOf(request.body),
    hasSecond: sessionIn(request).hasSecond,
    there: mayConfirmThere(sessionIn(request)),
    ...(problem === 'pending' ? { isPending: true } : { problem }),
  })
}

function givenIn(form: { [field: string]: unknown }): Given {
  const passkey = usedPasskey.safeParse(form._again_response || undefined)
  return {
    password: form._again_password as string | undefined, // the schema has read it as a text
    code: form._again_code as string | undefined, // and this one
    ...(passkey.success ? { passkey: passkey.data as unknown as AuthenticationResponseJSON } : {}), // judged by the library
  }
}

export function mountAgain(app: App, context: Context): void {
  const access = { who: 'signed-in' as const, reach: ['enrol' as const], sample: { _to: '/account' } }

  app.post('/sign-in/again', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    const session = sessionIn(request)
    const form = againForm.safeParse(request.body)
    const to = ownPath(form.success ? form.data._to : '/')
    // 307: the browser sends the same form on to where it was going.
    if (isFresh(session, request.now)) return reply.redirect(to, 307)
    if (!form.success) return sendPage(reply, askAgain(request, to, { kind: 'wrong' }), 422)
    if (form.data._again_there) return sendPage(reply, askAgain(request, to, 'pending'), 422)
    const refused = await proveAgain(
      context,
      session,
      { ...givenIn(form.data), ...fromOf(request) },
      request.now,
    )
    if (!refused) return reply.redirect(to, 307)
    if (refused.refusal === 'wrong') return sendPage(reply, askAgain(request, to, { kind: 'wrong' }), 422)
    reply.header('retry-after', String(Math.ceil(refused.waitMs / 1_000)))
    return sendPage(reply, askAgain(request, to, { kind: 'wait', ms: refused.waitMs }), 429)
  })
}
