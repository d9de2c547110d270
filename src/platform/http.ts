/**
 * The web frame: who is asking, may they, and how refusals look. Every route states in its `access` who may call it; a
 * route without that statement does not start.
 */

import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import Fastify, {
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { Actor } from './access.ts'
import type { Context } from './context.ts'
import { isFull } from './database.ts'
import { openDoor, wantsPage } from './entering.ts'
import { Changed, Forbidden, Invalid, NotFound, Stale, TooSlow, Unavailable, WrongState } from './errors.ts'
import { chooseLang, translator } from './i18n.ts'
import type { App } from './route-access.ts'

export { wantsPage } from './entering.ts'
export type { Access, App, Routed } from './route-access.ts'

/** The actor of a route that needs one; the access check has already refused visitors. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Forbidden('Sign in first')
  return request.actor
}

const statusOf = (error: unknown): number => {
  if (error instanceof NotFound) return 404
  if (error instanceof Forbidden) return 403
  if (error instanceof WrongState) return 409
  if (error instanceof Invalid) return 422
  if (error instanceof Unavailable || isFull(error)) return 503
  if (hasZodFastifySchemaValidationErrors(error)) return 422
  const status = (error as FastifyError).statusCode
  return status && status >= 400 && status < 500 ? status : 500
}

const codeOf: Record<number, string> = {
  400: 'malformed',
  401: 'sign-in',
  403: 'forbidden',
  404: 'not-found',
  409: 'wrong-state',
  413: 'too-large',
  415: 'unsupported',
  422: 'invalid',
  429: 'slow-down',
  503: 'unavailable',
}

/** `slow`: the answer was given up because it took too long; `stale`: prove once more who you are, then it is done. */
export type Why = 'slow' | 'stale' | null

export type ErrorPage = (request: FastifyRequest, status: number, message: string | null, why: Why) => string

const whyOf = (error: unknown): Why =>
  error instanceof TooSlow ? 'slow' : error instanceof Stale ? 'stale' : null

function answerError(context: Context, page: ErrorPage | null) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = statusOf(error)
    if (status >= 500 && status !== 503)
      context.log.error({ err: error, url: request.routeOptions.url }, 'request failed')
    const slow = error instanceof TooSlow
    if (slow) context.log.warn({ url: request.routeOptions.url }, 'an answer took too long and was given up')
    if (status === 503) reply.header('retry-after', '10')
    // What a verb refused with is meant for the reader; anything else stays in the log.
    const said = status < 500 || slow ? (error as Error).message : null
    if (page && wantsPage(request))
      return reply
        .status(status)
        .type('text/html; charset=utf-8')
        .send(page(request, status, slow ? null : said, whyOf(error)))
    const fields =
      error instanceof Invalid
        ? error.fields
        : hasZodFastifySchemaValidationErrors(error)
          ? Object.fromEntries(
              error.validation.map((v) => [
                v.instancePath.replace(/^\//, '').replaceAll('/', '.') || v.keyword,
                v.message ?? '',
              ]),
            )
          : undefined
    return reply.status(status).send({
      error: error instanceof Stale ? 'prove-again' : (codeOf[status] ?? 'failed'),
      message: said ?? 'The request could not be carried out.',
      ...(fields ? { fields } : {}),
      ...(error instanceof Changed ? { changed: error.fields } : {}),
    })
  }
}

/** The frame without routes. `page` null: only machines call, who get JSON. `extra` are Fastify's own options (https, serverFactory). */
export async function openApp(context: Context, page: ErrorPage | null, extra: object = {}): Promise<App> {
  const app = Fastify({
    bodyLimit: 1_048_576,
    requestTimeout: 60_000,
    // Behind a proxy everybody would else come from one address, and cookies would go without `Secure`.
    trustProxy: ['loopback', ...(context.settings.proxies ?? [])],
    routerOptions: { maxParamLength: 512 },
    ...extra,
  })
  app.routed = []
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  // What the first hooks set before anybody reads it begins as nothing.
  app.decorateRequest('session', null)
  app.decorateRequest('actor', null)
  app.decorateRequest('glass')
  app.decorateRequest('calls')
  app.decorateRequest('now', 0)
  app.decorateRequest('nonce', '')
  app.decorateRequest('t')
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: 262_144 })
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.method === 'HEAD' || route.url === '*') return
    // The library that serves files knows nothing of our statement; styles and scripts are anybody's.
    if (route.url.startsWith('/assets/')) route.config = { ...route.config, access: { who: 'anyone' } }
    const access = route.config?.access
    if (!access) throw new Error(`The route ${route.method} ${route.url} does not say who may call it`)
    if (access.key && (route.method !== 'GET' || !route.url.startsWith('/api/v1/')))
      throw new Error(`The route ${route.method} ${route.url} may not be opened to keys`)
    if (access.fresh && [route.method].flat().includes('GET'))
      throw new Error(`${route.url} asks for a fresh proof to look at something`)
    for (const method of [route.method].flat().filter((name) => name !== 'HEAD'))
      app.routed.push({ method, url: route.url, access })
  })
  app.addHook('onRequest', async (request) => {
    request.now = context.clock()
    request.glass = []
    request.calls = []
    request.nonce = randomBytes(16).toString('base64')
    request.t = translator(chooseLang(request.cookies.lang, request.headers['accept-language']))
  })
  await app.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: context.settings.baseUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header(
      'content-security-policy',
      `default-src 'none'; script-src 'self' 'nonce-${request.nonce}'; style-src 'self' 'nonce-${request.nonce}'; font-src 'self'; img-src 'self'; ` +
        `connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  openDoor(app, context)
  app.setErrorHandler(answerError(context, page))
  app.setNotFoundHandler((request, reply) =>
    answerError(context, page)(new NotFound('There is nothing at this address'), request, reply),
  )
  return app
}
