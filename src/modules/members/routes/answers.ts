import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Invalid } from '../../../platform/errors.ts'
import { Forbidden } from '../../../platform/errors.ts'
import type { T } from '../../../platform/i18n.ts'
import { newToken, type Session } from '../../../platform/sessions.ts'
import { ownPathOnward } from '../back.ts'
import { deviceMs } from '../notices.ts'
import type { From } from '../ways.ts'

export { doneOf, sendHtml as sendPage } from '../../../platform/page-routes.ts'

export const cookie = (request: FastifyRequest) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: request.protocol === 'https',
})

/**
 * Ends with the browser; how long it means anything is decided by the session itself. The browser keeps besides what it is
 * known by when it comes again.
 */
export const keepSession = (
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  from: From,
): FastifyReply =>
  reply
    .setCookie('hsoc_session', token, cookie(request))
    .setCookie('hsoc_device', from.device, { ...cookie(request), maxAge: deviceMs / 1_000 })

export const dropSession = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.clearCookie('hsoc_session', cookie(request))

/** Where to go on to, as the page or the form says. */
export const backIn = (request: FastifyRequest): string =>
  ownPathOnward(
    ((request.method === 'GET' ? request.query : request.body) as { back?: unknown } | undefined)?.back,
  )

/** The session of a route that needs one; the access check has already refused visitors. */
export function sessionIn(request: FastifyRequest): Session {
  if (!request.session) throw new Forbidden('Sign in first')
  return request.session
}

export const keepPreference = (
  request: FastifyRequest,
  reply: FastifyReply,
  name: 'lang' | 'theme',
  value: string,
): FastifyReply => reply.setCookie(name, value, { ...cookie(request), maxAge: 365 * 86_400 })

/** Where and with what somebody comes from, for sessions and the trail. */
export const fromOf = (request: FastifyRequest): From => ({
  // A socket of both families writes IPv4 inside IPv6.
  address: request.ip.replace(/^::ffff:(?=\d+\.)/, ''),
  agent: request.headers['user-agent'] ?? '',
  device: /^[\w-]{32}$/.test(request.cookies.hsoc_device ?? '')
    ? String(request.cookies.hsoc_device)
    : newToken(),
})

/** What is wrong with each field, in the reader's words: the field's code is the last part of a key. */
export const wordsOf = (error: Invalid, area: string, t: T): Record<string, string> =>
  Object.fromEntries(Object.entries(error.fields).map(([field, code]) => [field, t(`${area}.${code}`)]))
