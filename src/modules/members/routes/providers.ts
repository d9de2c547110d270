/** Signing in by a provider (OpenID Connect, authorization code with PKCE), linking the own account, and its logout calls. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound, Unavailable } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { App } from '../../../platform/http.ts'
import type { Provider } from '../../../platform/providers.ts'
import type { Doors } from '../federation/doors.ts'
import { begin, callbackOf, type Flow, flowIn, type Purpose } from '../federation/flow.ts'
import { link, offer, unlink } from '../federation/links.ts'
import { hear, signInBy, type Why } from '../federation/sign-in.ts'
import { endBy, openKeys } from '../federation/sign-out.ts'
import {
  linkPage,
  type ProviderProblem,
  type ProviderProblemProps,
  providerProblemPage,
} from '../pages/providers.tsx'
import { backIn, fromOf, sendPage, sessionIn } from './answers.ts'
import { dropFlow, keepFlow } from './flow-cookies.ts'
import { letIn } from './sessions.ts'

export function mountProviders(app: App, context: Context, doors: Doors): void {
  mountStart(app, context, doors)
  mountReturn(app, context, doors)
  mountLinks(app, context)
  mountBackChannel(app, context, doors)
}

const statusOf: Record<ProviderProblem, number> = {
  unknown: 422,
  away: 503,
  lost: 422,
  over: 422,
  used: 409,
  denied: 403,
  provider: 422,
  unlinked: 403,
  beyond: 403,
  groups: 403,
  shut: 403,
  session: 403,
}

/** To whom a page about a provider's sign-in goes, and where they go on from there. */
type Where = Pick<ProviderProblemProps, 'problem' | 'to'> & { provider: Provider | null }

function sendProblem(request: FastifyRequest, reply: FastifyReply, where: Where): FastifyReply {
  const { problem, provider, to } = where
  const { t } = request
  const frame = { ...frameOf(request, { title: t('providers.title') }), path: '/sign-in' }
  if (problem === 'away') reply.header('retry-after', '60')
  if (typeof problem === 'object') reply.header('retry-after', String(Math.ceil(problem.ms / 1_000)))
  const page = providerProblemPage({ frame, problem, name: provider?.name[t.lang] ?? '', to })
  return sendPage(reply, page, typeof problem === 'object' ? 429 : statusOf[problem])
}

const signInAgain = (back: string): string =>
  `/sign-in${back === '/' ? '' : `?back=${encodeURIComponent(back)}`}`

const asked = (request: FastifyRequest): Record<string, unknown> => request.query as Record<string, unknown> // as it came

/** Sends the browser to the provider, with what it has to bring back. */
async function sendAway(
  context: Context,
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: { provider: Provider; back: string; purpose: Purpose },
): Promise<FastifyReply> {
  try {
    const { url, cookie } = await begin(context, doors, wanted, request.now)
    return keepFlow(request, reply, cookie).redirect(url, 303)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    const to = wanted.purpose.does === 'link' ? '/account' : signInAgain(wanted.back)
    return sendProblem(request, reply, { problem: 'away', provider: wanted.provider, to })
  }
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
      config: { access: { who: 'anyone', by: 'token', objects: { provider: 'other' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const provider = doors.named((request.params as { provider: string }).provider)
      if (!provider) return sendProblem(request, reply, { problem: 'unknown', provider, to: '/sign-in' })
      const { state } = asked(request)
      const flow = flowIn(context.settings.secret, request.cookies.hsoc_flow, state)
      const to = flow?.purpose.does === 'link' ? '/account' : signInAgain(flow?.back ?? '/')
      const problem = problemOf(request, provider, flow)
      if (flow) dropFlow(request, reply)
      if (!flow || problem) return sendProblem(request, reply, { problem: problem ?? 'lost', provider, to })
      const url = new URL(callbackOf(context, provider) + new URL(request.url, 'http://own.invalid').search)
      const arrived = { provider, flow, url }
      const answer = flow.purpose.does === 'link' ? showLink : enter
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

async function showLink(
  context: Context,
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  arrived: Arrived,
): Promise<FastifyReply> {
  const { provider, flow } = arrived
  const { session, t } = request
  const asks = flow.purpose.does === 'link' ? flow.purpose.session : null
  if (!session || asks !== session.tokenHash.toString('base64url'))
    return sendProblem(request, reply, { problem: 'session', provider, to: '/account' })
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

const field = (request: FastifyRequest, name: string): string => {
  const value = (request.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

function mountLinks(app: App, context: Context): void {
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
function mountBackChannel(app: App, context: Context, doors: Doors): void {
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
