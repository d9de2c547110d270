/** Where a browser is sent on its way to a provider, and the pages that say why it led nowhere. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Unavailable } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { text } from '../../../platform/page-routes.ts'
import type { Provider } from '../../../platform/providers.ts'
import type { Doors } from '../federation/doors.ts'
import { begin, type Purpose } from '../federation/flow.ts'
import { type ProviderProblem, type ProviderProblemProps, providerProblemPage } from '../pages/providers.tsx'
import { sendPage } from './answers.ts'
import { keepFlow } from './flow-cookies.ts'

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
  weak: 403,
}

/** To whom a page about a provider's sign-in goes, and where they go on from there. */
type Where = Pick<ProviderProblemProps, 'problem' | 'to'> & { provider: Provider | null }

export function sendProblem(request: FastifyRequest, reply: FastifyReply, where: Where): FastifyReply {
  const { problem, provider, to } = where
  const { t } = request
  const frame = { ...frameOf(request, { title: t('providers.title') }), path: '/sign-in' }
  if (problem === 'away') reply.header('retry-after', '60')
  if (typeof problem === 'object') reply.header('retry-after', String(Math.ceil(problem.ms / 1_000)))
  const page = providerProblemPage({ frame, problem, name: provider?.name[t.lang] ?? '', to })
  return sendPage(reply, page, typeof problem === 'object' ? 429 : statusOf[problem])
}

export const signInAgain = (back: string): string =>
  `/sign-in${back === '/' ? '' : `?back=${encodeURIComponent(back)}`}`

export const asked = (request: FastifyRequest): Record<string, unknown> =>
  request.query as Record<string, unknown> // as it came

/** Sends the browser to the provider, with what it has to bring back. */
export async function sendAway(
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
    const to = wanted.purpose.does === 'sign-in' ? signInAgain(wanted.back) : '/account'
    return sendProblem(request, reply, { problem: 'away', provider: wanted.provider, to })
  }
}

/** A field of the form, empty where there is none. */
export const field = (request: FastifyRequest, name: string): string => text(request.body, name)
