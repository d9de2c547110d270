/** Linking the own account with one at a provider, taking that back, and the provider's own call when somebody signs out there. */
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { Doors } from '../federation/doors.ts'
import { link, unlink } from '../federation/links.ts'
import { endBy, openKeys } from '../federation/sign-out.ts'
import { sessionIn } from './answers.ts'
import { field } from './provider-answers.ts'

export function mountLinks(app: App, context: Context): void {
  const access = { who: 'signed-in', fresh: true } as const

  app.post('/account/providers', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    await link(context, sessionIn(request), field(request, 'offer'), request.now)
    return reply.redirect('/account?done=linked', 303)
  })

  app.post(
    '/account/providers/removal',
    { config: { access }, schema: { hide: true } },
    async (request, reply) => {
      await unlink(context, sessionIn(request), field(request, 'issuer'), request.now)
      return reply.redirect('/account?done=unlinked', 303)
    },
  )
}

/** The provider itself calls; its signed token is the proof. */
export function mountBackChannel(app: App, context: Context, doors: Doors): void {
  const keys = openKeys()
  app.post(
    '/sign-in/from/:provider/logout',
    {
      bodyLimit: 20_000,
      config: { access: { who: 'anyone', by: 'token', objects: { provider: 'other' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const provider = doors.named((request.params as { provider: string }).provider)
      if (!provider) throw new NotFound('There is no such provider.')
      try {
        await endBy(context, { doors, keys }, provider, field(request, 'logout_token'), request.now)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        // Back-Channel Logout 1.0, 2.8: a token that does not hold is answered 400.
        return reply.status(400).send({ error: 'invalid_request', error_description: error.message })
      }
      return reply.status(200).send()
    },
  )
}
