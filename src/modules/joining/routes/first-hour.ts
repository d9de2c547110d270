/** The first steps of a new member, and how far each newcomer is. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, isCoordinator, organisationsOf, rolesAt } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { memberRoles } from '../../members/index.ts'
import { defer, mayDefer, mayTest, newcomers, sendTest, takeUp } from '../first-hour.ts'
import { choosePage, type JoiningProps, joiningPage, newcomersPage } from '../pages/joining.tsx'
import { stepsOf } from '../steps.ts'
import { doneOf, idIn, page, sendHtml, text } from './answers.ts'

const who: Access['who'] = [...memberRoles, 'coordinator']
const ofOrg: Access = { who, objects: { id: 'organisation' } }
const representatives: Access = {
  who: ['representative'],
  objects: { id: 'organisation', step: 'other' },
}

export function mountFirstHour(app: App, context: Context): void {
  app.get('/joining', page({ who }), async (request, reply) => {
    const { t, now } = request
    const actor = actorOf(request)
    if (isCoordinator(actor)) {
      const rows = await asReader(context.db, actor, now, (tx) => newcomers(tx, now))
      return sendHtml(
        reply,
        newcomersPage({ frame: frame(context, request, t('joining.newcomers.title')), rows }),
      )
    }
    const own = organisationsOf(actor)
    if (own.length === 1) return reply.redirect(`/joining/${own[0]?.id}`, 303)
    return sendHtml(reply, choosePage({ frame: frame(context, request, t('joining.hour.title')), own }))
  })
  mountSteps(app, context)
}

const frame = (context: Context, request: FastifyRequest, title: string) =>
  frameOf(request, { title, active: 'joining', zone: context.settings.zone })

function mountSteps(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: JoiningProps['refused']) => {
    const { t, now } = request
    const actor = actorOf(request)
    const org = idIn(request)
    const found = await asReader(context.db, actor, now, async (tx) => {
      const { rows } = await tx.query<{ name: string }>(
        `select name, id as org from organisations where id = $1 and status <> 'left'`,
        [org],
      )
      if (!rows[0]) throw new NotFound('There is no such organisation')
      return { name: rows[0].name, steps: await stepsOf(tx, org) }
    })
    const done = doneOf(request, ['sent', 'deferred', 'takenUp'])
    const drawn = joiningPage({
      frame: frame(context, request, t('joining.hour.title')),
      org,
      ...found,
      isOwn: rolesAt(actor, org).length > 0,
      mayTest: mayTest(actor, org),
      mayDefer: mayDefer(actor, org),
      flash: done ? { text: t(`joining.hour.done.${done}`) } : undefined,
      ...(refused ? { refused } : {}),
    })
    return sendHtml(reply, drawn, refused ? 422 : 200)
  }

  app.get('/joining/:id', page(ofOrg), (request, reply) => draw(request, reply))

  app.post('/joining/:id/test', page(ofOrg), async (request, reply) => {
    await sendTest(context.db, idIn(request), actorOf(request), request.now)
    return reply.redirect(`/joining/${idIn(request)}?done=sent#test`, 303)
  })

  const stepIn = (request: FastifyRequest): string => String((request.params as { step?: unknown }).step)
  app.post(
    '/joining/:id/:step/deferral',
    page({ ...representatives, sample: { reason: 'Čekáme na nový firewall' } }),
    async (request, reply) => {
      const actor = actorOf(request)
      const given = { step: stepIn(request), reason: text(request.body, 'reason').slice(0, 2_000) }
      try {
        await asActor(context.db, actor, request.now, (tx) =>
          defer(tx, idIn(request), given, actor, request.now),
        )
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const errors = { [given.step]: request.t('joining.hour.later.wrong') }
        return draw(request, reply, { errors, given: { [given.step]: given.reason } })
      }
      return reply.redirect(`/joining/${idIn(request)}?done=deferred#${given.step}`, 303)
    },
  )
  app.post('/joining/:id/:step/deferral/withdrawal', page(representatives), async (request, reply) => {
    const actor = actorOf(request)
    const step = stepIn(request)
    await asActor(context.db, actor, request.now, (tx) => takeUp(tx, idIn(request), step, actor, request.now))
    return reply.redirect(`/joining/${idIn(request)}?done=takenUp#${step}`, 303)
  })
}
