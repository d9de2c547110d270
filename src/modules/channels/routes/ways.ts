/** The page of a person's ways, the devices of push, the script that shows what is pushed, and the word that it was shown. */
import type { FastifyReply } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { deviceOf } from '../../members/index.ts'
import { readWorker } from '../pages/push-worker.ts'
import { waysDone, waysPage } from '../pages/ways-page.tsx'
import { ownDevices, removeDevice, renameDevice, revisit, subscribe, tryDevice } from '../push/devices.ts'
import { publicKeyOf } from '../push/keys.ts'
import { told } from '../push/told.ts'
import { numberIn } from '../schema.ts'
import { choiceForm, choiceIn, choose, chosenWays, ownChoice, ownNumbers } from '../ways/choices.ts'

const access: Access = { who: 'signed-in' }
const back = (reply: FastifyReply, done: (typeof waysDone)[number]): FastifyReply =>
  reply.redirect(`/account/ways?done=${done}`, 303)

export async function mountWays(app: App, context: Context): Promise<void> {
  const { db, settings } = context

  app.get('/account/ways', page(access), async (request, reply) => {
    const actor = actorOf(request)
    const hasPush = (settings.pushHosts ?? []).length > 0
    const key = hasPush ? await publicKeyOf(context) : ''
    const suggested = deviceOf(request.headers['user-agent'] ?? null, request.t)
    const found = await asActor(db, actor, request.now, async (tx) => ({
      digest:
        (
          await tx.query<{ digest: 'daily' | 'weekly' }>(
            'select digest from people where id = actor_person()',
          )
        ).rows[0]?.digest ?? 'daily',
      sms: settings.hasSms ? { numbers: await ownNumbers(tx), choice: await ownChoice(tx, 'sms') } : null,
      push: hasPush
        ? { devices: await ownDevices(tx), choice: await ownChoice(tx, 'push'), key, suggested }
        : null,
    }))
    const frame = frameOf(request, {
      title: request.t('ways.page.title'),
      active: 'account',
      zone: settings.zone,
    })
    return sendHtml(reply, waysPage({ frame, ...found, done: doneOf(request, waysDone) }))
  })

  const sample = { way: 'sms', least: '3', quiet_from: '22', quiet_to: '6' }
  app.post('/account/ways', page({ ...access, sample }), async (request, reply) => {
    const form = choiceForm.safeParse(request.body ?? {})
    const way = chosenWays.find((one) => one === text(request.body, 'way'))
    if (!form.success || !way) throw new Invalid('Choose from which severity on, and two hours or none')
    const actor = actorOf(request)
    await asActor(db, actor, request.now, (tx) => choose(tx, way, choiceIn(form.data), actor, request.now))
    return back(reply, 'saved')
  })

  mountDevices(app, context)
  mountWorker(app)
  await app.register(async (scope) => mountTold(scope, context))
}

function mountDevices(app: App, context: Context): void {
  const said = (body: unknown) => ({
    endpoint: text(body, 'endpoint'),
    p256dh: text(body, 'p256dh'),
    auth: text(body, 'auth'),
  })
  // A point of 65 bytes and a secret of 16, as a browser says them.
  const sample = { endpoint: 'https://push.example/x', p256dh: `BA${'A'.repeat(85)}`, auth: 'A'.repeat(22) }
  app.post('/account/push', page({ ...access, sample }), async (request, reply) => {
    const given = { ...said(request.body), name: text(request.body, 'name') }
    await subscribe(context, given, actorOf(request), request.now)
    return back(reply, 'added')
  })
  const visited = {
    ...sample,
    endpoint: 'https://push.example/y',
    was: 'https://push.example/ours-canary-telefon',
  }
  app.post('/account/push/visit', page({ ...access, sample: visited }), async (request, reply) => {
    const given = { ...said(request.body), was: text(request.body, 'was') }
    await revisit(context, given, actorOf(request), request.now)
    return reply.status(204).send()
  })
  const one: Access = { ...access, objects: { id: 'push_device' } }
  app.post(
    '/account/push/:id/name',
    page({ ...one, sample: { name: 'Telefon' } }),
    async (request, reply) => {
      await renameDevice(
        context,
        numberIn(request),
        text(request.body, 'name'),
        actorOf(request),
        request.now,
      )
      return back(reply, 'named')
    },
  )
  app.post('/account/push/:id/trial', page(one), async (request, reply) => {
    await tryDevice(context, numberIn(request), actorOf(request), request.now)
    return back(reply, 'tried')
  })
  app.post('/account/push/:id/removal', page(one), async (request, reply) => {
    await removeDevice(context, numberIn(request), actorOf(request), request.now)
    return back(reply, 'removed')
  })
}

/** At the root, so that it is good for all pages; asked for anew each time, so that it is never an old one. */
function mountWorker(app: App): void {
  app.get('/push-worker.js', page({ who: 'anyone' }), (_request, reply) => {
    return reply
      .type('text/javascript; charset=utf-8')
      .headers({ 'cache-control': 'no-cache', 'service-worker-allowed': '/' })
      .send(readWorker())
  })
}

const tokenBytes = 1_024

function mountTold(scope: App, context: Context): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: tokenBytes }, (_request, _body, done) =>
    done(null, null),
  )
  scope.post('/push/told/:token', page({ who: 'anyone', by: 'token' }), async (request, reply) => {
    await told(context.db, context.settings, (request.params as { token: string }).token, request.now) // the path has it
    return reply.status(204).send()
  })
}
