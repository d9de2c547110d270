/** Cookies that carry a sign-in to a provider and back, and the way to sign out there; sealed, and soon over. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { seal, unseal } from '../../../platform/seal.ts'
import { flowMs } from '../federation/flow.ts'
import type { Farewell } from '../pages/providers.tsx'
import { cookie } from './answers.ts'

/** Only the addresses to which providers send people back get it. */
const flowCookie = (request: FastifyRequest) => ({ ...cookie(request), path: '/sign-in/from' })

export const keepFlow = (request: FastifyRequest, reply: FastifyReply, sealed: string): FastifyReply =>
  reply.setCookie('hsoc_flow', sealed, { ...flowCookie(request), maxAge: flowMs / 1_000 })

export const dropFlow = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.clearCookie('hsoc_flow', flowCookie(request))

const farewellMs = 10 * 60_000

export function keepFarewell(
  { settings }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  left: { provider: string; url: string } | null,
): void {
  if (!left) return
  const sealed = seal(settings.secret, JSON.stringify({ ...left, until: request.now + farewellMs }))
  reply.setCookie('hsoc_farewell', sealed, {
    ...cookie(request),
    path: '/sign-in',
    maxAge: farewellMs / 1_000,
  })
}

export function farewellIn({ settings }: Context, request: FastifyRequest): Farewell | undefined {
  const text = unseal(settings, request.cookies.hsoc_farewell ?? '')
  if (text === null) return undefined
  const { provider, url, until } = JSON.parse(text) as { provider: string; url: string; until: number } // sealed by ourselves
  const name = settings.providers?.find(({ id }) => id === provider)?.name
  return name && until > request.now ? { name: name[request.t.lang], url } : undefined
}
