/** Routes that belong to no duty: assets, live news, health, metrics, the description of the API. */
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { projectRoot } from './content.ts'
import type { Context } from './context.ts'
import type { App } from './http.ts'
import { live } from './live.ts'
import { metricsText } from './metrics.ts'

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

export async function mountFrame(app: App, context: Context): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'hSOC',
        version: '1',
        description:
          'Early warning for the health sector. Sessions of people use a cookie; sensors a bearer key or a certificate.',
      },
    },
    transform: jsonSchemaTransform,
  })
  await mountAssets(app)
  app.get(
    '/live',
    { config: { access: { who: 'signed-in' } }, schema: { hide: true } as never },
    (request, reply) => live(context, request, reply),
  )
  app.get('/health/live', open as never, async () => ({ alive: true }))
  app.get('/health/ready', open as never, async (_request, reply) => {
    const yes = await ready(context)
    return reply.status(yes ? 200 : 503).send({ ready: yes })
  })
  // Figures of operation only (counts, ages); reachable from this machine, or for operators and coordinators.
  app.get(
    '/metrics',
    { config: { access: { who: ['operator', 'coordinator'] } }, schema: { hide: true } as never },
    async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metricsText(context)),
  )
  app.get('/api', open as never, async (_request, reply) => reply.send(app.swagger()))
  app.get('/robots.txt', open as never, async (_request, reply) =>
    reply.type('text/plain').send('User-agent: *\nDisallow: /\n'),
  )
}
