/** To a provider and back (OpenID Connect, authorization code with PKCE): to sign in, to link, to prove it again. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Unavailable } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import type { Provider } from '../../../platform/providers.ts'
import type { Session } from '../../../platform/sessions.ts'
import { beganAt, confirm } from '../federation/again.ts'
import type { Doors } from '../federation/doors.ts'
import { callbackOf, type Flow, flowIn } from '../federation/flow.ts'
import { offer } from '../federation/links.ts'
import { hear, signInBy, type Why } from '../federation/sign-in.ts'
import { warnOfUnknown } from '../federation/vouched.ts'
import { confirmedPage, linkPage, type ProviderProblem } from '../pages/providers.tsx'
import { backIn, fromOf, sendPage, sessionIn } from './answers.ts'
import { dropFlow } from './flow-cookies.ts'
import { asked, sendAway, sendProblem, signInAgain } from './provider-answers.ts'
import { mountBackChannel, mountLinks } from './provider-links.ts'
import { letIn } from './sessions.ts'

export function mountProviders(app: App, context: Context, doors: Doors): void {
  app.addHook('onReady', () => warnOfUnknown(context))
  mountStart(app, context, doors)
  mountConfirmation(app, context, doors)
  mountReturn(app, context, doors)
  mountLinks(app, context)
  mountBackChannel(app, context, doors)
}

function mountStart(app: App, context: Context, doors: Doors): void {
  app.get(
    '/sign-in/with',
    { config: { access: { who: 'anyone' } }, schema: { hide: true } },
    (request, reply) => {
      const back = backIn(request)
      const provider = doors.named(asked(request).provider)
      if (request.actor) return reply.redirect(back, 303)
      if (!provider)
        return sendProblem(request, reply, { problem: 'unknown', provider, to: signInAgain(back) })
      return sendAway(context, doors, request, reply, { provider, back, purpose: { does: 'sign-in' } })
    },
  )

  app.get(
    '/account/providers/new',
    { config: { access: { who: 'signed-in' } }, schema: { hide: true } },
    (request, reply) => {
      const provider = doors.named(asked(request).provider)
      if (!provider) return reply.redirect('/account', 303)
      const session = sessionIn(request).tokenHash.toString('base64url')
      const purpose = { does: 'link', session } as const
      return sendAway(context, doors, request, reply, { provider, back: '/account', purpose })
    },
  )
}

/** Somebody signed in by a provider proves there once more who they are. */
function mountConfirmation(app: App, context: Context, doors: Doors): void {
  app.get(
    '/account/providers/again',
    { config: { access: { who: 'signed-in', reach: ['enrol'] } }, schema: { hide: true } },
    async (request, reply) => {
      const session = sessionIn(request)
      const provider = doors.named(await beganAt(context, session))
      if (!provider) return reply.redirect('/account', 303)
      const purpose = { does: 'again', session: session.tokenHash.toString('base64url') } as const
      return sendAway(context, doors, request, reply, { provider, back: '/account', purpose })
    },
  )
}

/** Codes of large providers have some 2,000 characters. */
const longestUrl = 8_000

/** What a provider says instead of a code (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6): the person's doing, or its own trouble. */
const refusals: Record<string, ProviderProblem> = {
  access_denied: 'denied',
  login_required: 'denied',
  interaction_required: 'denied',
  consent_required: 'denied',
  account_selection_required: 'denied',
  server_error: 'away',
  temporarily_unavailable: 'away',
}

/** What is wrong before the provider is asked anything. */
function problemOf(request: FastifyRequest, provider: Provider, flow: Flow | null): ProviderProblem | null {
  if (!flow || request.url.length > longestUrl) return 'lost'
  // The cookie is of another provider's sign-in: its code is not handed to this one.
  if (flow.provider !== provider.id) return 'lost'
  if (flow.until <= request.now) return 'over'
  const { error } = asked(request)
  if (error !== undefined)
    return typeof error === 'string' && Object.hasOwn(refusals, error)
      ? (refusals[error] ?? 'provider')
      : 'provider'
  return null
}

function mountReturn(app: App, context: Context, doors: Doors): void {
  app.get(
    '/sign-in/from/:provider',
    {
      config: { access: { who: 'anyone', by: 'token', reach: ['enrol'], objects: { provider: 'other' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const provider = doors.named((request.params as { provider: string }).provider)
      if (!provider) return sendProblem(request, reply, { problem: 'unknown', provider, to: '/sign-in' })
      const { state } = asked(request)
      const flow = flowIn(context.settings, request.cookies.hsoc_flow, state)
      const to = flow && flow.purpose.does !== 'sign-in' ? '/account' : signInAgain(flow?.back ?? '/')
      const problem = problemOf(request, provider, flow)
      if (flow) dropFlow(request, reply)
      if (!flow || problem) return sendProblem(request, reply, { problem: problem ?? 'lost', provider, to })
      const url = new URL(callbackOf(context, provider) + new URL(request.url, 'http://own.invalid').search)
      const arrived = { provider, flow, url }
      const answer = answers[flow.purpose.does]
      try {
        return await answer(context, doors, request, reply, arrived)
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
        return sendProblem(request, reply, { problem: 'away', provider, to })
      }
    },
  )
}

type Arrived = Parameters<typeof hear>[2]

async function enter(
  context: Context,
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  arrived: Arrived,
): Promise<FastifyReply> {
  const { provider, flow } = arrived
  const from = fromOf(request)
  const signed = await signInBy(context, doors, arrived, from, request.now)
  if ('token' in signed) return letIn(context, request, reply, signed, { back: flow.back, from })
  if ('refusal' in signed)
    return sendProblem(request, reply, {
      problem: { kind: 'wait', ms: signed.waitMs },
      provider,
      to: signInAgain(flow.back),
    })
  // Whoever is to link first comes to where that is done.
  const back = signed.why === 'unlinked' || signed.why === 'other-subject' ? '/account' : flow.back
  return sendProblem(request, reply, { problem: shownOf(signed.why), provider, to: signInAgain(back) })
}

/** That the e-mail belongs to somebody who is linked already is told to nobody: it is in the trail. */
const shownOf = (why: Why): ProviderProblem => (why === 'other-subject' ? 'unlinked' : why)

/** The session that asked for what the provider was asked, or null. */
function askedBy({ session }: FastifyRequest, { purpose }: Flow): Session | null {
  const asks = purpose.does === 'sign-in' ? null : purpose.session
  return session && asks === session.tokenHash.toString('base64url') ? session : null
}

async function confirmAgain(
  context: Context,
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  arrived: Arrived,
): Promise<FastifyReply> {
  const { provider, flow } = arrived
  const session = askedBy(request, flow)
  if (!session) return sendProblem(request, reply, { problem: 'session', provider, to: '/account' })
  const said = await hear(context, doors, arrived, request.now)
  const refusal =
    'refusal' in said
      ? said.refusal
      : (await confirm(context, session, said, fromOf(request), request.now))
        ? null
        : 'weak'
  if (refusal) return sendProblem(request, reply, { problem: refusal, provider, to: '/account' })
  const frame = frameOf(request, { title: request.t('members.again.title'), active: 'account' })
  return sendPage(reply, confirmedPage({ ...frame, path: '/account' }))
}

async function showLink(
  context: Context,
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  arrived: Arrived,
): Promise<FastifyReply> {
  const { provider, flow } = arrived
  const { t } = request
  const session = askedBy(request, flow)
  if (!session) return sendProblem(request, reply, { problem: 'session', provider, to: '/account' })
  const said = await hear(context, doors, arrived, request.now)
  if ('refusal' in said)
    return sendProblem(request, reply, { problem: said.refusal, provider, to: '/account' })
  const frame = {
    ...frameOf(request, { title: t('providers.link.title'), active: 'account', zone: context.settings.zone }),
    path: '/account',
  }
  return sendPage(
    reply,
    linkPage({
      frame,
      provider,
      email: session.actor.email,
      said,
      offer: offer(context, session, provider, said, request.now),
    }),
  )
}

const answers = { 'sign-in': enter, link: showLink, again: confirmAgain }
