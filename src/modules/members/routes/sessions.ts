/** Signing in and out, and how the pages look to this browser. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { end } from '../../../platform/sessions.ts'
import { signOut } from '../account.ts'
import { ownPath, ownPathOnward } from '../back.ts'
import { type SignInProps, signInPage } from '../pages/sign-in.tsx'
import { preferencesForm, sessionOut, signInForm } from '../schema.ts'
import { signIn } from '../sign-in.ts'
import { doneOf, dropSession, fromOf, keepPreference, keepSession, sendPage } from './answers.ts'

export function mountSessions(app: App, context: Context): void {
  const page = (request: FastifyRequest, props: Pick<SignInProps, 'back' | 'email' | 'problem' | 'done'>) =>
    signInPage({
      ...props,
      demo: context.settings.demo,
      frame: frameOf(request, { title: request.t('members.signIn.title'), zone: context.settings.zone }),
    })

  app.get(
    '/sign-in',
    { config: { access: { who: 'anyone' } }, schema: { hide: true } },
    async (request, reply) => {
      const back = ownPathOnward((request.query as { back?: unknown }).back)
      if (request.actor) return reply.redirect(back, 303)
      return sendPage(reply, page(request, { back, done: doneOf(request, ['out', 'password', 'joined']) }))
    },
  )

  app.post(
    '/sign-in',
    {
      config: {
        access: { who: 'anyone', sample: { email: 'nobody@people.example', password: 'not the password' } },
      },
      schema: { hide: true },
    },
    async (request, reply) => {
      const form = signInForm.safeParse(request.body)
      if (!form.success) return sendPage(reply, page(request, { back: '/', problem: { kind: 'wrong' } }), 422)
      const { email, password } = form.data
      const back = ownPathOnward(form.data.back)
      const signed = await signIn(context, { email, password, ...fromOf(request) }, request.now)
      if ('token' in signed) {
        // A new sign-in is a new session: the token that the browser came with never becomes somebody's.
        if (request.session) await end(context, request.session.tokenHash)
        return keepSession(request, reply, signed.token).redirect(back, 303)
      }
      if (signed.refusal === 'wrong')
        return sendPage(reply, page(request, { back, email, problem: { kind: 'wrong' } }), 422)
      reply.header('retry-after', String(Math.ceil(signed.waitMs / 1_000)))
      return sendPage(
        reply,
        page(request, { back, email, problem: { kind: 'wait', ms: signed.waitMs } }),
        429,
      )
    },
  )

  app.post(
    '/sign-out',
    { config: { access: { who: 'anyone' } }, schema: { hide: true } },
    async (request, reply) => {
      if (request.session) await signOut(context, request.session, request.now)
      return dropSession(request, reply).redirect('/sign-in?done=out', 303)
    },
  )

  app.post(
    '/preferences',
    { config: { access: { who: 'anyone', sample: { lang: 'en', back: '/' } } }, schema: { hide: true } },
    async (request, reply) => {
      const form = preferencesForm.safeParse(request.body)
      const { lang, theme, back } = form.success ? form.data : {}
      if (lang) keepPreference(request, reply, 'lang', lang)
      if (theme) keepPreference(request, reply, 'theme', theme)
      return reply.redirect(ownPath(back), 303)
    },
  )

  app.get(
    '/api/v1/session',
    {
      config: { access: { who: 'signed-in' } },
      schema: { summary: 'Who is signed in, and as what', tags: ['session'], response: { 200: sessionOut } },
    },
    async (request) => {
      const { person, name, email, language, engagements } = actorOf(request)
      return {
        person: { id: person, name, email, language },
        engagements: engagements.map(({ org, orgName, role }) => ({
          organisation: org === null ? null : { id: org, name: orgName ?? '' },
          role,
        })),
        csrf: request.session?.csrf ?? '',
      }
    },
  )
}
