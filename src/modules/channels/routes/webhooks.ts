/** The webhooks of the organisations that somebody keeps. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asActor, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml } from '../../../platform/page-routes.ts'
import { hookPage, secretPage } from '../pages/webhook.tsx'
import { type Given, hooksDone, hooksPage } from '../pages/webhooks.tsx'
import { numberIn } from '../schema.ts'
import {
  addWebhook,
  getWebhook,
  keepers,
  keptBy,
  lastTo,
  listWebhooks,
  removeWebhook,
  renewSecret,
  switchWebhook,
  tryNow,
} from '../webhooks/webhooks.ts'

const access: Access = { who: [...keepers] }
const one: Access = { ...access, objects: { id: 'webhook' } }

const word = z.string().max(10_000).default('')
const addForm = z.object({
  org: z.coerce.number().int().positive().max(2_147_483_647),
  name: word,
  form: word,
  template: word,
  url: word,
  events: z.preprocess(
    (given) => (given === undefined ? [] : [given].flat()),
    z.array(z.string().max(20)).max(10),
  ),
  least: z.coerce.number().int(),
  language: word,
})

export function mountWebhooks(app: App, context: Context): void {
  const { db, settings } = context
  const frame = (request: FastifyRequest, title: string) =>
    frameOf(request, { title: request.t(title), active: 'webhooks', zone: settings.zone })
  const within = <R>(request: FastifyRequest, work: (tx: Tx) => Promise<R>): Promise<R> =>
    asActor(db, actorOf(request), request.now, work)

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wrong?: { errors: Record<string, string>; given: Given },
  ) => {
    const actor = actorOf(request)
    const hooks = await within(request, (tx) => listWebhooks(tx, actor))
    const kept = keptBy(actor)
    const organisations = organisationsOf(actor).filter(({ id }) => kept.includes(id))
    const props = {
      frame: frame(request, 'webhooks.title'),
      hooks,
      organisations,
      done: doneOf(request, hooksDone),
    }
    return sendHtml(reply, hooksPage({ ...props, ...wrong }), wrong ? 422 : 200)
  }
  const drawOne = async (request: FastifyRequest, reply: FastifyReply) => {
    const id = numberIn(request)
    const found = await within(request, async (tx) => ({
      hook: await getWebhook(tx, id, actorOf(request)),
      last: await lastTo(tx, id),
    }))
    return sendHtml(
      reply,
      hookPage({ frame: frame(request, 'webhooks.one'), ...found, done: doneOf(request, hooksDone) }),
    )
  }

  app.get('/webhooks', page(access), (request, reply) => draw(request, reply))
  app.get('/webhooks/:id', page(one), drawOne)

  const sample = {
    org: '1',
    name: 'Dohled',
    form: 'signed',
    url: 'https://dohled.example/hsoc',
    events: 'written',
    least: '1',
    language: 'cs',
  }
  app.post('/webhooks', page({ ...access, fresh: true, sample }), async (request, reply) => {
    const form = addForm.safeParse(request.body ?? {})
    if (!form.success) throw new Invalid('Say whose webhook it is, where it leads and what it is told')
    try {
      const made = await within(request, (tx) =>
        addWebhook(tx, context, form.data, actorOf(request), request.now),
      )
      return sendHtml(
        reply,
        secretPage({ frame: frame(request, 'webhooks.made'), name: form.data.name, ...made }),
      )
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { errors: error.fields, given: form.data })
    }
  })

  app.post('/webhooks/:id/trial', page(one), async (request, reply) => {
    const id = numberIn(request)
    await tryNow(db, id, actorOf(request), request.now)
    return reply.redirect(`/webhooks/${id}?done=tried`, 303)
  })

  app.post('/webhooks/:id/secret', page({ ...one, fresh: true }), async (request, reply) => {
    const id = numberIn(request)
    const actor = actorOf(request)
    const made = await within(request, async (tx) => ({
      name: (await getWebhook(tx, id, actor)).name,
      secret: await renewSecret(tx, context, id, actor, request.now),
    }))
    return sendHtml(reply, secretPage({ frame: frame(request, 'webhooks.renewed'), id, ...made }))
  })

  for (const [noun, on] of [
    ['rest', false],
    ['restoration', true],
  ] as const)
    app.post(`/webhooks/:id/${noun}`, page(one), async (request, reply) => {
      const id = numberIn(request)
      await within(request, (tx) => switchWebhook(tx, id, on, actorOf(request), request.now))
      return reply.redirect(`/webhooks/${id}?done=${on ? 'on' : 'off'}`, 303)
    })

  app.post('/webhooks/:id/removal', page(one), async (request, reply) => {
    await within(request, (tx) => removeWebhook(tx, numberIn(request), actorOf(request), request.now))
    return reply.redirect('/webhooks?done=removed', 303)
  })
}
