/** Duties: who is on duty at the reader's organisations, kept by who may. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator, organisationsOf } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { frameOf } from '../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../platform/http.ts'
import { page, sendHtml } from '../../platform/page-routes.ts'
import { memberRoles } from '../members/index.ts'
import { addRule, beginDuty, change, endDuty, endRule, withdraw } from './keep.ts'
import { keptBy, mayKeep } from './may.ts'
import { listPage } from './pages/list.tsx'
import { newPage } from './pages/new.tsx'
import { type ShowProps, showDone, showPage } from './pages/show.tsx'
import { eligible } from './people.ts'
import type { CallSteps } from './policies.ts'
import { type Duty, duties, dutyAt } from './read.ts'
import { mountEscalationApi } from './routes/api/escalations.ts'
import { mountKeepingApi } from './routes/api/keeping.ts'
import { mountScheduleApi } from './routes/api/schedules.ts'
import { mountCalendar } from './routes/calendar.ts'
import { mountFeeds } from './routes/feeds.ts'
import { mountPolicies } from './routes/policies.ts'
import { mountReach } from './routes/reach.ts'
import { changeForm, changeIn, dutyForm, idParam, ruleForm, ruleIn } from './schema.ts'

const readers: Access = { who: [...memberRoles, 'coordinator'] }
const ofDuty: Access = { ...readers, objects: { id: 'duty' } }
const mostListed = 200

function idIn(request: FastifyRequest, name = 'id'): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

const asAsker = <R>(context: Context, request: FastifyRequest, work: (tx: Tx) => Promise<R>): Promise<R> =>
  asReader(context.db, actorOf(request), request.now, work)

const doing = <R>(context: Context, work: (tx: Tx) => Promise<R>): Promise<R> => asEngine(context.db, work)

const wordsOf = (request: FastifyRequest, fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([field, code]) => [field, request.t(`duty.wrong.${code}`)]))

/** `callSteps`: what roll-calls go by, told by the module that makes them. */
export function mountDuty(app: App, context: Context, callSteps: CallSteps): void {
  const frame = (request: FastifyRequest, title = request.t('duty.title')) =>
    frameOf(request, { title, active: 'duty', zone: context.settings.zone })

  app.get('/duty', page(readers), async (request, reply) => {
    const actor = actorOf(request)
    const found = await asAsker(context, request, async (tx) => {
      const all: Duty[] = []
      for (const { id } of (await duties(tx)).slice(0, mostListed))
        all.push(await dutyAt(tx, id, request.now))
      return all
    })
    const own = [...organisationsOf(actor).map(({ id }) => id), ...(isCoordinator(actor) ? [null] : [])]
    const { done } = request.query as { done?: unknown }
    return sendHtml(
      reply,
      listPage({
        frame: frame(request),
        duties: found,
        own,
        mayBegin: keptBy(actor).length > 0,
        simple: organisationsOf(actor).flatMap(({ id: org, name }) =>
          mayKeep(actor, org) ? [{ org, name }] : [],
        ),
        ended: done === 'ended',
      }),
    )
  })
  mountBeginning(app, context, frame)
  mountCalendar(app, context)
  mountFeeds(app, context)
  mountPolicies(app, context, callSteps)
  mountReach(app, context)
  mountScheduleApi(app, context)
  mountEscalationApi(app, context, callSteps)
  mountKeepingApi(app, context)
  app.get('/duty/:id', page(ofDuty), (request, reply) => draw(context, frame, request, reply))
  mountRules(app, context, frame)
  mountChanges(app, context, frame)
  app.post('/duty/:id/end', page(ofDuty), async (request, reply) => {
    await doing(context, (tx) => endDuty(tx, idIn(request), actorOf(request), request.now))
    return reply.redirect('/duty?done=ended', 303)
  })
}

type FrameOf = (request: FastifyRequest, title?: string) => ReturnType<typeof frameOf>

async function draw(
  context: Context,
  frame: FrameOf,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Pick<ShowProps, 'rule' | 'change'> = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const found = await asAsker(context, request, async (tx) => {
    const duty = await dutyAt(tx, idIn(request), request.now)
    const keeps = mayKeep(actor, duty.org)
    return { duty, mayKeep: keeps, people: keeps ? await eligible(tx, duty.org) : [] }
  })
  const isRefused = Object.keys(refused).length > 0
  if (isRefused && !found.mayKeep) throw new Forbidden(request.t('duty.wrong.keeper'))
  const { done } = request.query as { done?: unknown }
  const drawn = showPage({
    frame: frame(request, found.duty.name),
    ...found,
    ...refused,
    done: showDone.find((word) => word === done),
  })
  return sendHtml(reply, drawn, isRefused ? 422 : 200)
}

function mountBeginning(app: App, context: Context, frame: FrameOf): void {
  const form = (
    request: FastifyRequest,
    reply: FastifyReply,
    given: { org: string; name: string; holidays: 'ignored' | 'sunday' },
    fields?: Record<string, string>,
  ) => {
    const actor = actorOf(request)
    const names = new Map(organisationsOf(actor).map(({ id, name }) => [id, name]))
    const owners = keptBy(actor).map((org) => ({
      value: org === null ? '' : String(org),
      label: org === null ? request.t('duty.coordinators') : (names.get(org) ?? ''),
    }))
    const drawn = newPage({
      frame: frame(request, request.t('duty.new')),
      owners,
      given,
      errors: wordsOf(request, fields ?? {}),
    })
    return sendHtml(reply, drawn, fields ? 422 : 200)
  }

  app.get('/duty/new', page(readers), (request, reply) => {
    const [first] = keptBy(actorOf(request))
    return form(request, reply, { org: first == null ? '' : String(first), name: '', holidays: 'ignored' })
  })

  app.post('/duty', page({ ...readers, sample: { org: 1, name: 'Pohotovost' } }), async (request, reply) => {
    const given = dutyForm.safeParse(request.body ?? {})
    if (!given.success) throw new Invalid(request.t('duty.wrong.form'))
    const { org, ...rest } = given.data
    try {
      const wanted = { ...rest, org: org === '' ? null : Number(org) }
      const id = await doing(context, (tx) => beginDuty(tx, wanted, actorOf(request), request.now))
      return reply.redirect(`/duty/${id}?done=begun`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return form(request, reply, given.data, error.fields)
    }
  })
}

function mountRules(app: App, context: Context, frame: FrameOf): void {
  app.post(
    '/duty/:id/rules',
    page({ ...ofDuty, sample: { weekdays: '1', from: '08:00', to: '16:00', people: '1' } }),
    async (request, reply) => {
      const id = idIn(request)
      const form = ruleForm.safeParse(request.body ?? {})
      if (!form.success) throw new Invalid(request.t('duty.wrong.form'))
      const again = (fields: Record<string, string>) =>
        draw(context, frame, request, reply, { rule: { given: form.data, errors: wordsOf(request, fields) } })
      const wanted = ruleIn(form.data)
      if ('wrong' in wanted) return again(wanted.wrong)
      try {
        await doing(context, (tx) => addRule(tx, id, wanted.rule, actorOf(request), request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return again(error.fields)
      }
      return reply.redirect(`/duty/${id}?done=rule`, 303)
    },
  )

  const ofRule: Access = { ...readers, objects: { id: 'duty', rule: 'duty_rule' } }
  app.post('/duty/:id/rules/:rule/end', page(ofRule), async (request, reply) => {
    const [id, rule] = [idIn(request), idIn(request, 'rule')]
    await doing(context, (tx) => endRule(tx, id, rule, actorOf(request), request.now))
    return reply.redirect(`/duty/${id}?done=rule-ended`, 303)
  })
}

function mountChanges(app: App, context: Context, frame: FrameOf): void {
  const sample = { kind: 'remove', whom: '1', from: '2026-03-04T08:00', to: '2026-03-04T16:00' }
  app.post('/duty/:id/changes', page({ ...ofDuty, sample }), async (request, reply) => {
    const id = idIn(request)
    const form = changeForm.safeParse(request.body ?? {})
    if (!form.success) throw new Invalid(request.t('duty.wrong.form'))
    const again = (fields: Record<string, string>) =>
      draw(context, frame, request, reply, { change: { given: form.data, errors: wordsOf(request, fields) } })
    const wanted = changeIn(form.data, context.settings.zone)
    if ('wrong' in wanted) return again(wanted.wrong)
    try {
      await doing(context, (tx) => change(tx, id, wanted.change, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return again(error.fields)
    }
    return reply.redirect(`/duty/${id}?done=change`, 303)
  })

  const ofChange: Access = { ...readers, objects: { id: 'duty', change: 'duty_change' } }
  app.post('/duty/:id/changes/:change/withdrawal', page(ofChange), async (request, reply) => {
    const [id, wanted] = [idIn(request), idIn(request, 'change')]
    await doing(context, (tx) => withdraw(tx, id, wanted, actorOf(request), request.now))
    return reply.redirect(`/duty/${id}?done=withdrawn`, 303)
  })
}
