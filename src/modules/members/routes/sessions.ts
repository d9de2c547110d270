/** Signing in and out, and how the pages look to this browser. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { end, hashToken } from '../../../platform/sessions.ts'
import { signOut } from '../account.ts'
import { ownPath } from '../back.ts'
import type { Doors } from '../federation/doors.ts'
import { farewell } from '../federation/sign-out.ts'
import { type SignInProps, signInPage } from '../pages/sign-in.tsx'
import { byPasskey, optionsToSignIn, partyOf } from '../passkeys.ts'
import { passkeySignInForm, preferencesForm, sessionOut, signInForm } from '../schema.ts'
import { enter, type SignedIn, signIn } from '../sign-in.ts'
import type { From } from '../ways.ts'
import { backIn, doneOf, dropSession, fromOf, keepPreference, keepSession, sendPage } from './answers.ts'
import { farewellIn, keepFarewell } from './flow-cookies.ts'

type Shown = Pick<SignInProps, 'back' | 'email' | 'problem' | 'done' | 'farewell'>

export function mountSessions(app: App, context: Context, doors: Doors): void {
  mountSignIn(app, context)
  mountPasskeySignIn(app, context)
  mountSignOut(app, context, doors)
}

const page = (context: Context, request: FastifyRequest, props: Shown): string =>
  signInPage({
    ...props,
    demo: context.settings.demo,
    isOff: context.settings.secondFactor === 'off',
    passkeys: partyOf(context.settings) !== null,
    providers: context.settings.providers ?? [],
    frame: frameOf(request, { title: request.t('members.signIn.title'), zone: context.settings.zone }),
  })

/** Where each kind of session goes on to. */
const onward = {
  full: (back: string) => back,
  second: (back: string) => `/sign-in/second?back=${encodeURIComponent(back)}`,
  enrol: (back: string) => `/account/means?back=${encodeURIComponent(back)}`,
}

/** The session's cookie, and on to where the person was going or to what is still to be proved. */
export async function letIn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, reach }: Extract<SignedIn, { token: string }>,
  { back, from }: { back: string; from: From },
): Promise<FastifyReply> {
  // A new sign-in is a new session: the token that the browser came with never becomes somebody's.
  const before = request.cookies.hsoc_session
  if (before) await end(context.db.engine, hashToken(before))
  return keepSession(request, reply, token, from).redirect(onward[reach](back), 303)
}

/** The answer to a proof: the session's cookie, or the page again with what was typed. */
async function answer(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  signed: SignedIn,
  { by, from, ...shown }: Shown & { by?: 'passkey'; from: From },
): Promise<FastifyReply> {
  if ('token' in signed) return letIn(context, request, reply, signed, { back: shown.back, from })
  if (signed.refusal === 'wrong')
    return sendPage(reply, page(context, request, { ...shown, problem: { kind: 'wrong', by } }), 422)
  reply.header('retry-after', String(Math.ceil(signed.waitMs / 1_000)))
  return sendPage(
    reply,
    page(context, request, { ...shown, problem: { kind: 'wait', ms: signed.waitMs } }),
    429,
  )
}

function mountSignIn(app: App, context: Context): void {
  app.get(
    '/sign-in',
    { config: { access: { who: 'anyone' } }, schema: { hide: true } },
    async (request, reply) => {
      const back = backIn(request)
      if (request.actor) return reply.redirect(back, 303)
      const done = doneOf(request, ['out', 'password', 'joined'])
      const left = done === 'out' ? farewellIn(context, request) : undefined
      return sendPage(reply, page(context, request, { back, done, farewell: left }))
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
      if (!form.success)
        return sendPage(reply, page(context, request, { back: '/', problem: { kind: 'wrong' } }), 422)
      const { email, password } = form.data
      const from = fromOf(request)
      const signed = await signIn(context, { email, password, ...from }, request.now)
      return answer(context, request, reply, signed, { back: backIn(request), email, from })
    },
  )
}

function mountPasskeySignIn(app: App, context: Context): void {
  const access = { who: 'anyone' } as const

  app.get('/sign-in/passkey/options', { config: { access }, schema: { hide: true } }, (request) =>
    optionsToSignIn(context.settings, request.now),
  )

  app.post('/sign-in/passkey', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    const form = passkeySignInForm.safeParse(request.body)
    const from = fromOf(request)
    const shown = { back: backIn(request), by: 'passkey', from } as const
    if (!form.success) return answer(context, request, reply, { refusal: 'wrong' }, shown)
    const way = byPasskey(context.settings)
    const given = form.data.response as unknown as AuthenticationResponseJSON // the library checks what is inside
    const signed = await enter(context, way, given, from, request.now)
    return answer(context, request, reply, signed, shown)
  })
}

function mountSignOut(app: App, context: Context, doors: Doors): void {
  app.post(
    '/sign-out',
    { config: { access: { who: 'anyone', reach: ['second', 'enrol'] } }, schema: { hide: true } },
    async (request, reply) => {
      const { session } = request
      if (!session) return dropSession(request, reply).redirect('/sign-in?done=out', 303)
      keepFarewell(context, request, reply, await farewell(context, doors, session, request.now))
      await signOut(context, session, request.now)
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
        engagements: engagements
          .filter((one) => one.through == null)
          .map(({ org, orgName, role }) => ({
            organisation: org === null ? null : { id: org, name: orgName ?? '' },
            role,
          })),
        csrf: request.session?.csrf ?? '',
      }
    },
  )
}
