/** Webhooks for programs of those who keep them. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { forms, news } from '../webhooks/message.ts'
import {
  addWebhook,
  getWebhook,
  keepers,
  lastTo,
  listWebhooks,
  removeWebhook,
  renewSecret,
  switchWebhook,
  tryNow,
  type Webhook,
} from '../webhooks/webhooks.ts'

const access: Access = { who: [...keepers] }
const one: Access = { ...access, objects: { webhook: 'webhook' } }
const number = z.coerce.number().int().min(1).max(2_147_483_647)
const params = z.object({ webhook: number })
type Params = z.infer<typeof params>
const path = '/api/v1/webhooks'
const instant = z.string().describe('ISO 8601, UTC')
const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['webhooks'], summary, ...schema },
})

const severities = ['low', 'medium', 'high', 'critical'] as const
const body = z.object({
  org: number,
  name: z.string().max(200),
  form: z.enum(forms),
  template: z.string().max(4_000).default('').describe('of the form `template`'),
  url: z.string().max(1_000),
  events: z.array(z.enum(news)).max(news.length),
  least: z.enum(severities).describe('of warnings: at least so severe'),
  language: z.enum(['cs', 'en']).default('cs'),
})
const hookAnswer = z.object({
  id: z.number(),
  org: z.number(),
  organisation: z.string(),
  name: z.string(),
  form: z.enum(forms),
  host: z.string().describe('of its address, which is told to nobody'),
  events: z.array(z.enum(news)),
  least: z.enum(severities),
  failures: z.number().describe('one after the other'),
  disabled_at: instant.nullable(),
  disabled_why: z.string().nullable(),
  earlier_secret_until: instant.nullable(),
  made_at: instant,
  made_by: z.string().nullable(),
})
const oneAnswer = hookAnswer.extend({
  last: z.array(
    z.object({
      kind: z.string(),
      number: z.string().nullable(),
      state: z.string(),
      reason: z.string().nullable(),
      reply: z.string().nullable(),
      attempts: z.number(),
      at: instant,
    }),
  ),
})
const secret = z.string().describe('told this once')

const when = (at: number | null): string | null => (at === null ? null : iso(at))
const hookJson = (hook: Webhook): z.infer<typeof hookAnswer> => ({
  ...{ id: hook.id, org: hook.org, organisation: hook.orgName, name: hook.name, form: hook.form },
  ...{ host: hook.host, events: hook.events, least: severities[hook.least - 1] ?? 'low' },
  ...{ failures: hook.failures, disabled_at: when(hook.disabledAt), disabled_why: hook.disabledWhy },
  ...{ earlier_secret_until: when(hook.earlierUntil), made_at: iso(hook.madeAt), made_by: hook.madeBy },
})

export function mountWebhookApi(app: App, context: Context): void {
  const within = <R>(request: FastifyRequest, work: (tx: Tx) => Promise<R>): Promise<R> =>
    asActor(context.db, actorOf(request), request.now, work)

  app.get(
    path,
    api(access, 'Webhooks of organisations that you keep', {
      response: { 200: z.object({ webhooks: z.array(hookAnswer) }) },
    }),
    async (request) => ({
      webhooks: (await within(request, (tx) => listWebhooks(tx, actorOf(request)))).map(hookJson),
    }),
  )
  app.get<{ Params: Params }>(
    `${path}/:webhook`,
    api(one, 'One webhook with the last messages to it', { params, response: { 200: oneAnswer } }),
    (request) =>
      within(request, async (tx) => {
        const hook = await getWebhook(tx, request.params.webhook, actorOf(request))
        const last = await lastTo(tx, hook.id)
        return { ...hookJson(hook), last: last.map(({ id: _, at, ...said }) => ({ ...said, at: iso(at) })) }
      }),
  )
  const sample = {
    ...{ org: 1, name: 'Dohled programu', form: 'signed', url: 'https://dohled.example/hsoc' },
    ...{ events: ['written'], least: 'low' },
  }
  app.post<{ Body: z.infer<typeof body> }>(
    path,
    api({ ...access, fresh: true, sample }, 'Add a webhook; its secret is told this once', {
      ...{ body, response: { 201: z.object({ id: z.number(), secret }) } },
    }),
    async (request, reply) => {
      const wanted = { ...request.body, least: severities.indexOf(request.body.least) + 1 }
      const made = await within(request, (tx) =>
        addWebhook(tx, context, wanted, actorOf(request), request.now),
      )
      return reply.status(201).send(made)
    },
  )
  app.post<{ Params: Params }>(
    `${path}/:webhook/trial`,
    api(one, 'Send a message that says it is a trial', { params, response: { 204: z.null() } }),
    async (request, reply) => {
      await tryNow(context.db, request.params.webhook, actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )
  app.post<{ Params: Params }>(
    `${path}/:webhook/secret`,
    api({ ...one, fresh: true }, 'A new secret, told this once; the one before is good for a week more', {
      ...{ params, response: { 201: z.object({ secret }) } },
    }),
    async (request, reply) => {
      const made = await within(request, (tx) =>
        renewSecret(tx, context, request.params.webhook, actorOf(request), request.now),
      )
      return reply.status(201).send({ secret: made })
    },
  )
  app.put<{ Params: Params; Body: { on: boolean } }>(
    `${path}/:webhook/switch`,
    api({ ...one, sample: { on: false } }, 'Switch a webhook off, or on again', {
      ...{ params, body: z.object({ on: z.boolean() }), response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const [{ webhook }, { on }] = [request.params, request.body]
      await within(request, (tx) => switchWebhook(tx, webhook, on, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: Params }>(
    `${path}/:webhook`,
    api(one, 'Remove a webhook', { params, response: { 204: z.null() } }),
    async (request, reply) => {
      await within(request, (tx) => removeWebhook(tx, request.params.webhook, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
