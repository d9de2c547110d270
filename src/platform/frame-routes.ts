/** Routes that belong to no duty: assets, live news, health, metrics, the description of the API. */
import { hash, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import type { FastifyRequest } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { projectRoot } from './content.ts'
import type { Context } from './context.ts'
import { Forbidden } from './errors.ts'
import type { Access, App } from './http.ts'
import { live } from './live.ts'
import { metricsText } from './metrics.ts'
import { sendHtml } from './page-routes.ts'

const open = { config: { access: { who: 'anyone' } }, schema: { hide: true } } as const

async function mountAssets(app: App): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(projectRoot, 'dist', 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
  })
}

const securitySchemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'hsoc_session',
    description: 'Set by the sign-in at /sign-in',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'x-csrf-token',
    description: "The session's token, needed to change anything; every page carries it",
  },
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'The key of a sensor, as `hsoc sensor add` printed it',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key of an organisation, made at /keys: for reading only, with the scopes that are named beside it. 429 past its requests a minute.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    description: "What `hsoc sensor enrol` or the sensor's page gave for one certificate: good once",
  },
  // The types that come with the library do not know this kind, which OpenAPI 3.1 added.
  certificate: {
    type: 'mutualTLS',
    description: "A sensor's certificate, known by its common name",
  } as never,
} as const

/** What a caller proves itself with; one of the list is enough, all names of one are needed together. */
function proofsFor(access: Access, method: string | string[]): Record<string, string[]>[] {
  if (access.by === 'sensor') return [{ key: [] }, { certificate: [] }]
  if (access.who === 'anyone') return []
  return [
    method === 'GET' ? { session: [] } : { session: [], csrf: [] },
    ...(access.key ? [{ apiKey: [access.key] }] : []),
  ]
}

function mayScrape(request: FastifyRequest, key: string | null): boolean {
  if (request.actor?.engagements.some((e) => e.role === 'operator' || e.role === 'coordinator')) return true
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!given || key === null) return false
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
  return timingSafeEqual(digest(given), digest(key))
}

/** Whether the database answers; nothing about what is in it. */
async function ready(context: Context): Promise<boolean> {
  const answer = await Promise.race([
    context.db.app.query('select 1').then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((done) => setTimeout(() => done(false), 3_000)),
  ])
  return answer
}

/** The description as people read it, for this request's reader. */
export type ApiPage = (request: FastifyRequest, app: App) => string

/** One address for both: who asks for a page gets one, every program OpenAPI. `?format=` goes before what the caller accepts. */
function mountDescription(app: App, describe: ApiPage): void {
  const asked = z.object({ format: z.enum(['html', 'json']).optional() })
  app.get<{ Querystring: z.infer<typeof asked> }>(
    '/api',
    { ...open, schema: { ...open.schema, querystring: asked } },
    async (request, reply) => {
      reply.header('vary', 'accept, accept-language, cookie')
      const page = request.query.format ?? (request.headers.accept?.includes('text/html') ? 'html' : 'json')
      return page === 'html' ? sendHtml(reply, describe(request, app)) : reply.send(app.swagger())
    },
  )
}

export async function mountFrame(app: App, context: Context, describe: ApiPage): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'hSOC',
        version: '1',
        description:
          'Early warning for the health sector. Sessions of people use a cookie, their programs an API key; sensors a bearer key or a certificate.',
      },
      components: { securitySchemes },
    },
    transform: (route) => {
      const made = jsonSchemaTransform(route)
      const access = route.route.config?.access
      return {
        ...made,
        schema: {
          ...made.schema,
          // A route may say itself what it is proved by; otherwise its access tells.
          security: route.schema?.security ?? (access ? proofsFor(access, route.route.method) : []),
        },
      }
    },
  })
  await mountAssets(app)
  app.get('/live', { config: { access: { who: 'signed-in' } }, schema: { hide: true } }, (request, reply) =>
    live(context, request, reply),
  )
  app.get('/health/live', open, async () => ({ alive: true }))
  app.get('/health/ready', open, async (_request, reply) => {
    const yes = await ready(context)
    return reply.status(yes ? 200 : 503).send({ ready: yes })
  })
  // Figures of operation only (counts, ages). A scraper shows the key of the configuration.
  app.get(
    '/metrics',
    { config: { access: { who: 'anyone', by: 'token' } }, schema: { hide: true } },
    async (request, reply) => {
      if (!mayScrape(request, context.settings.metricsKey ?? null))
        throw new Forbidden('Figures are for operators, coordinators and who shows the key HSOC_METRICS_KEY')
      return reply.type('text/plain; version=0.0.4').send(await metricsText(context))
    },
  )
  mountDescription(app, describe)
}
