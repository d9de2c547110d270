/** Adding a passkey and taking one away. */
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { deviceOf } from '../device.ts'
import { addPasskey, optionsToAdd, removePasskey, renamePasskey } from '../passkeys.ts'
import { firstCodes } from '../recovery-codes.ts'
import { idParam, newPasskeyForm, passkeyNameForm } from '../schema.ts'
import { backIn, fromOf, keepSession, sessionIn } from './answers.ts'
import { drawMeans, sendCodes } from './means.ts'

export function mountPasskeys(app: App, context: Context): void {
  const access = { who: 'signed-in' as const, reach: ['enrol' as const] }

  app.get('/account/passkeys/options', { config: { access }, schema: { hide: true } }, (request) =>
    optionsToAdd(context, sessionIn(request), request.now),
  )

  app.post(
    '/account/passkeys',
    { config: { access: { ...access, fresh: true } }, schema: { hide: true } },
    async (request, reply) => {
      const session = sessionIn(request)
      const back = backIn(request)
      const form = newPasskeyForm.safeParse(request.body)
      const typed = form.success ? form.data.name?.trim() : undefined
      const refuse = (status: number) =>
        drawMeans(context, request, reply, { problem: 'passkey', typed, status })
      if (!form.success) return refuse(409)
      const from = fromOf(request)
      const name = (typed || deviceOf(from.agent, request.t)).slice(0, 60)
      const response = form.data.response as unknown as RegistrationResponseJSON // the library checks what is inside
      try {
        keepSession(
          request,
          reply,
          await addPasskey(context, session, { name, response, ...from }, request.now),
          from,
        )
      } catch (error) {
        if (error instanceof Invalid) return refuse(422)
        if (error instanceof WrongState) return refuse(409)
        throw error
      }
      const codes = await firstCodes(context, session, request.now)
      if (codes) return sendCodes(request, reply, codes, back)
      return reply.redirect(`/account/means?done=passkey&back=${encodeURIComponent(back)}`, 303)
    },
  )

  app.post(
    '/account/passkeys/:passkey/name',
    {
      config: {
        access: { who: 'signed-in', objects: { passkey: 'passkey' }, sample: { name: 'Klíč v kanceláři' } },
      },
      schema: { hide: true },
    },
    async (request, reply) => {
      const id = idParam.safeParse((request.params as { passkey: string }).passkey)
      if (!id.success) throw new NotFound('There is no such passkey.')
      const form = passkeyNameForm.safeParse(request.body)
      const name = form.success ? form.data.name : ''
      try {
        await renamePasskey(context, sessionIn(request), { id: id.data, name }, request.now)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return drawMeans(context, request, reply, { renaming: { id: id.data, typed: name }, status: 422 })
      }
      return reply.redirect('/account/means?done=named', 303)
    },
  )

  app.post(
    '/account/passkeys/:passkey/removal',
    {
      config: { access: { who: 'signed-in', fresh: true, objects: { passkey: 'passkey' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const id = idParam.safeParse((request.params as { passkey: string }).passkey)
      if (!id.success) throw new NotFound('There is no such passkey.')
      await removePasskey(context, sessionIn(request), id.data, request.now)
      return reply.redirect('/account/means?done=no-passkey', 303)
    },
  )
}
