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
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { Actor, Role } from './access.ts'
import type { Context } from './context.ts'
import { isFull } from './database.ts'
import { Forbidden, Invalid, NotFound, TooSlow, Unavailable, WrongState } from './errors.ts'
import { chooseLang, type T, translator } from './i18n.ts'
import { openKeeper, type Session, sessionOf } from './sessions.ts'

/** Who may call a route, and which kind of object its parameters name (the refusal walk puts foreign ones there). */
export interface Access {
  who: 'anyone' | 'signed-in' | Role[]
  /** Parameter name -> kind of object. */
  objects?: Record<
    string,
    | 'warning'
    | 'episode'
    | 'event'
    | 'sensor'
    | 'organisation'
    | 'source'
    | 'detection'
    | 'delivery'
    | 'rule'
    | 'announced_test'
    | 'site_page'
    | 'site_news'
    | 'site_occasion'
    | 'site_version'
    | 'plan_goal'
    | 'plan_action'
    | 'other'
  >
  /** `sensor`: proves itself with a certificate or a key; `token`: the path is the proof. Both are walked apart. */
  by?: 'session' | 'sensor' | 'token'
  /** A form or body that is right, so that the walk's positive control can pass. */
  sample?: Record<string, unknown>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    session: Session | null
    actor: Actor | null
    now: number
    t: T
    nonce: string
  }
}

export interface Routed {
  method: string
  url: string
  access: Access
}

export type App = FastifyInstance & { routed: Routed[] }

/** True when a person's browser asks for a page, false for a program. */
export const wantsPage = (request: FastifyRequest): boolean =>
  !request.url.startsWith('/api/') &&
  !request.url.startsWith('/warden3') &&
  (request.headers.accept ?? 'text/html').includes('html')

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

/** `slow`: the answer was given up because it took too long. */
export type ErrorPage = (
  request: FastifyRequest,
  status: number,
  message: string | null,
  slow: boolean,
) => string

function answerError(context: Context, page: ErrorPage) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = statusOf(error)
    if (status >= 500 && status !== 503)
      context.log.error({ err: error, url: request.routeOptions.url }, 'request failed')
    const slow = error instanceof TooSlow
    if (slow) context.log.warn({ url: request.routeOptions.url }, 'an answer took too long and was given up')
    if (status === 503) reply.header('retry-after', '10')
    // What a verb refused with is meant for the reader; anything else stays in the log.
    const said = status < 500 || slow ? (error as Error).message : null
    if (wantsPage(request))
      return reply
        .status(status)
        .type('text/html; charset=utf-8')
        .send(page(request, status, slow ? null : said, slow))
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
      error: codeOf[status] ?? 'failed',
      message: said ?? 'The request could not be carried out.',
      ...(fields ? { fields } : {}),
    })
  }
}

/** Same-origin posts only: browsers tell where a form came from; a session's forms carry its token besides. */
function refuseForgery(request: FastifyRequest): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site && !['same-origin', 'none'].includes(String(site))) throw new Forbidden(request.t('ui.forged'))
  if (!request.session) return
  const given = (request.body as { _csrf?: unknown } | undefined)?._csrf ?? request.headers['x-csrf-token']
  if (given !== request.session.csrf) throw new Forbidden(request.t('ui.forged'))
}

function mayCall(access: Access, actor: Actor | null): 'yes' | 'sign-in' | 'no' {
  if (access.who === 'anyone') return 'yes'
  if (!actor) return 'sign-in'
  if (access.who === 'signed-in') return 'yes'
  const { who } = access
  return actor.engagements.some((e) => who.includes(e.role)) ? 'yes' : 'no'
}

function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!wantsPage(request)) return reply.status(401).send({ error: 'sign-in', message: 'Sign in first.' })
  const back = `?back=${encodeURIComponent(request.method === 'GET' ? request.url : '/')}`
  return reply.redirect(`/sign-in${back}`, 303)
}

/** The frame without routes. `extra` are Fastify's own options (https, serverFactory). */
export async function openApp(context: Context, page: ErrorPage, extra: object = {}): Promise<App> {
  const app = Fastify({
    bodyLimit: 1_048_576,
    requestTimeout: 60_000,
    trustProxy: false,
    routerOptions: { maxParamLength: 512 },
    ...extra,
  }) as unknown as App
  app.routed = []
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('session', null)
  app.decorateRequest('actor', null)
  app.decorateRequest('now', 0)
  app.decorateRequest('nonce', '')
  app.decorateRequest('t', null as never)
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: 262_144 })
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.method === 'HEAD' || route.url === '*') return
    // The library that serves files knows nothing of our statement; styles and scripts are anybody's.
    if (route.url.startsWith('/assets/')) route.config = { ...route.config, access: { who: 'anyone' } }
    const access = route.config?.access
    if (!access) throw new Error(`The route ${route.method} ${route.url} does not say who may call it`)
    for (const method of [route.method].flat().filter((name) => name !== 'HEAD'))
      app.routed.push({ method, url: route.url, access })
  })
  app.addHook('onRequest', async (request) => {
    request.now = context.clock()
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
  const keep = openKeeper(context)
  app.addHook('preHandler', async (request, reply) => {
    const access = request.routeOptions.config.access
    if (!access || access.by === 'sensor') return
    request.session = await sessionOf(context, request.cookies.hsoc_session, request.now)
    request.actor = request.session?.actor ?? null
    if (request.session) await keep(request.session.tokenHash, request.now)
    if (request.actor && !request.cookies.lang) request.t = translator(request.actor.language)
    const may = mayCall(access, request.actor)
    if (may === 'sign-in') return askToSignIn(request, reply)
    if (may === 'no') throw new Forbidden(request.t('ui.forbidden'))
    if (access.by !== 'token') refuseForgery(request)
  })
  app.setErrorHandler(answerError(context, page))
  app.setNotFoundHandler((request, reply) => answerError(context, page)(new NotFound(''), request, reply))
  return app
}
