/** A forgotten password: asking for the link, and using it. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import type { Weakness } from '../../../platform/passwords.ts'
import { readEmail } from '../import/values.ts'
import { type ForgottenProps, forgottenPage } from '../pages/forgotten-password.tsx'
import { newPasswordPage, overPage } from '../pages/new-password.tsx'
import { isOpen, requestReset, reset } from '../resets.ts'
import { forgottenForm, newPasswordForm } from '../schema.ts'
import { doneOf, dropSession, fromOf, sendPage } from './answers.ts'

export function mountPasswords(app: App, context: Context): void {
  mountForgotten(app, context)
  mountNew(app, context)
}

function mountForgotten(app: App, context: Context): void {
  const page = (request: FastifyRequest, props: Pick<ForgottenProps, 'email' | 'isWrong' | 'isSent'>) =>
    forgottenPage({
      ...props,
      phone: context.settings.coordinatorPhone,
      frame: frameOf(request, { title: request.t('members.forgotten.title'), zone: context.settings.zone }),
    })

  app.get(
    '/forgotten-password',
    { config: { access: { who: 'anyone' } }, schema: { hide: true } },
    async (request, reply) => {
      const isSent = doneOf(request, ['sent']) !== undefined
      return sendPage(reply, page(request, { isSent, email: request.actor?.email }))
    },
  )

  app.post(
    '/forgotten-password',
    {
      config: { access: { who: 'anyone', sample: { email: 'nobody@people.example' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const form = forgottenForm.safeParse(request.body)
      const email = form.success ? form.data.email.trim() : ''
      if (!readEmail(email).ok) return sendPage(reply, page(request, { email, isWrong: true }), 422)
      await requestReset(context, { email, address: fromOf(request).address }, request.now)
      return reply.redirect('/forgotten-password?done=sent', 303)
    },
  )
}

function mountNew(app: App, context: Context): void {
  const access = { who: 'anyone', by: 'token', objects: { token: 'other' } } as const
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token
  const frame = (request: FastifyRequest) =>
    frameOf(request, { title: request.t('members.newPassword.title'), zone: context.settings.zone })
  const over = (request: FastifyRequest) =>
    overPage({ ...frame(request), title: request.t('members.newPassword.over.title') })

  app.get('/new-password/:token', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    const token = tokenOf(request)
    if (!(await isOpen(context, token, request.now))) return sendPage(reply, over(request), 410)
    return sendPage(reply, newPasswordPage({ frame: frame(request), token }))
  })

  app.post(
    '/new-password/:token',
    {
      config: {
        access: {
          ...access,
          sample: { password: 'four quiet green lamps', again: 'four quiet green lamps' },
        },
      },
      schema: { hide: true },
    },
    async (request, reply) => {
      const token = tokenOf(request)
      const ask = (problem: Weakness | 'differs') =>
        sendPage(reply, newPasswordPage({ frame: frame(request), token, problem }), 422)
      const form = newPasswordForm.safeParse(request.body)
      if (!form.success) return ask('short')
      if (form.data.password !== form.data.again) return ask('differs')
      try {
        await reset(context, token, form.data.password, request.now)
      } catch (error) {
        if (error instanceof WrongState) return sendPage(reply, over(request), 410)
        if (error instanceof Invalid) return ask(error.fields.password as Weakness) // the only field it names
        throw error
      }
      return dropSession(request, reply).redirect('/sign-in?done=password', 303)
    },
  )
}
