/** Keeping the action plan. Coordinators only. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Database } from '../../../platform/database.ts'
import { homeZone } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { type ActionForms, editActionPage, type Refused } from '../pages/edit-action.tsx'
import { type ActionForm, type EditPlanProps, editPlanPage, type GoalForm } from '../pages/edit-plan.tsx'
import { pick } from '../pages/plan-words.tsx'
import { evidenceKinds, type Pair, statuses } from '../plan.ts'
import { addAction, addGoal, rewordAction, rewordGoal } from '../plan-goals.ts'
import { addEvidence, moveDate, update } from '../plan-progress.ts'
import { plan, planAction } from '../plan-read.ts'
import { idOf, page, sendHtml, text } from './answers.ts'

const who = ['coordinator'] as ['coordinator']
type Params = { Params: { id: string } }

const pairIn = (body: unknown, name: string): Pair => ({
  cs: text(body, `${name}_cs`),
  en: text(body, `${name}_en`),
})

const goalForm = (body: unknown): GoalForm => ({
  title: pairIn(body, 'title'),
  paragraph: text(body, 'paragraph'),
})

const actionForm = (body: unknown): ActionForm => ({
  goal: text(body, 'goal'),
  title: pairIn(body, 'title'),
  owner: text(body, 'owner'),
  start: text(body, 'start'),
  due: text(body, 'due'),
  public: text(body, 'public') === '1',
})

const flashes = ['goal', 'action', 'update', 'evidence', 'date', 'words']

function flashIn(request: FastifyRequest): { flash?: { text: string } } {
  const said = flashes.find((one) => one === (request.query as { said?: unknown }).said)
  return said === undefined ? {} : { flash: { text: request.t(`site.plan.said.${said}`) } }
}

export function mountPlanEditing(app: App, context: Context): void {
  mountGoals(app, context)
  mountNewAction(app, context)
  mountActions(app, context)
}

/** The page of the whole plan: drawn, and drawn again with what was typed when a form of it is refused. */
function planPages(context: Context) {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused: Pick<EditPlanProps, 'goal' | 'action'> = {},
  ) => {
    const goals = await asReader(context.db, actorOf(request), request.now, (tx) =>
      plan(tx, request.now, homeZone),
    )
    const frame = frameOf(request, { active: 'site', title: request.t('site.plan.edit.title') })
    return sendHtml(
      reply,
      editPlanPage({ frame: { ...frame, zone: homeZone }, goals, ...flashIn(request), ...refused }),
      refused.goal || refused.action ? 422 : 200,
    )
  }
  /** Does it, or draws the page again with what was typed. */
  const orAgain = async (
    request: FastifyRequest,
    reply: FastifyReply,
    said: string,
    work: () => Promise<unknown>,
    again: (errors: Record<string, string>) => Pick<EditPlanProps, 'goal' | 'action'>,
  ) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, again(error.fields))
    }
    return reply.redirect(`/site/plan?said=${said}`, 303)
  }
  return { draw, orAgain }
}

function mountGoals(app: App, context: Context): void {
  const { draw, orAgain } = planPages(context)
  app.get('/site/plan', page({ who }), (request, reply) => draw(request, reply))

  const goalSample = { title_cs: 'Cíl', title_en: 'Goal', paragraph: 'čl. 1' }
  app.post('/site/goals', page({ who, sample: goalSample }), (request, reply) => {
    const given = goalForm(request.body)
    return orAgain(
      request,
      reply,
      'goal',
      () => addGoal(context.db, actorOf(request), given, request.now),
      (errors) => ({ goal: { given, errors } }),
    )
  })

  app.post<Params>(
    '/site/goals/:id',
    page({ who, objects: { id: 'plan_goal' }, sample: goalSample }),
    (request, reply) => {
      const given = goalForm(request.body)
      return orAgain(
        request,
        reply,
        'goal',
        () => rewordGoal(context.db, actorOf(request), idOf(request.params.id), given, request.now),
        (errors) => ({ goal: { given, errors } }),
      )
    },
  )
}

function mountNewAction(app: App, context: Context): void {
  const { orAgain } = planPages(context)
  const sample = {
    goal: 1,
    title_cs: 'Krok',
    title_en: 'Step',
    owner: 'hSOC-Tech',
    start: '2026-01-01',
    due: '2026-06-30',
  }
  app.post('/site/actions', page({ who, sample }), (request, reply) => {
    const given = actionForm(request.body)
    const wanted = { ...given, goal: idOf(given.goal), startOn: given.start, dueOn: given.due }
    return orAgain(
      request,
      reply,
      'action',
      () => addAction(context.db, actorOf(request), wanted, request.now),
      (errors) => ({ action: { given, errors } }),
    )
  })
}

/** One form of the page of an action: what was typed, and what is done with it. */
interface FormOf<Name extends keyof ActionForms> {
  name: Name
  path: string
  sample: Record<string, unknown>
  read(body: unknown): ActionForms[Name]
  work(request: FastifyRequest, id: number, given: ActionForms[Name]): Promise<void>
}

const numberIn = (given: string): number => (/^\d{1,3}$/.test(given) ? Number(given) : Number.NaN)

function mountActions(app: App, context: Context): void {
  const { db } = context
  const draw = async (request: FastifyRequest<Params>, reply: FastifyReply, refused?: Refused) => {
    const { t, now } = request
    const action = await asReader(db, actorOf(request), now, (tx) =>
      planAction(tx, idOf(request.params.id), now, homeZone),
    )
    const frame = frameOf(request, { active: 'site', title: pick(action.title, t.lang).text })
    return sendHtml(
      reply,
      editActionPage({
        frame: { ...frame, zone: homeZone },
        action,
        ...flashIn(request),
        ...(refused ? { refused } : {}),
      }),
      refused ? 422 : 200,
    )
  }

  const mountForm: MountForm = (form) => {
    app.post<Params>(
      `/site/actions/:id/${form.path}`,
      page({ who, objects: { id: 'plan_action' }, sample: form.sample }),
      async (request, reply) => {
        const id = idOf(request.params.id)
        const given = form.read(request.body)
        try {
          await form.work(request, id, given)
        } catch (error) {
          if (!(error instanceof Invalid)) throw error
          const typed: Partial<ActionForms> = { [form.name]: given }
          return draw(request, reply, { form: form.name, errors: error.fields, given: typed })
        }
        return reply.redirect(`/site/actions/${id}?said=${form.name}`, 303)
      },
    )
  }

  app.get<Params>('/site/actions/:id', page({ who, objects: { id: 'plan_action' } }), (request, reply) =>
    draw(request, reply),
  )
  mountForms(mountForm, db)
}

type MountForm = <Name extends keyof ActionForms>(form: FormOf<Name>) => void

function mountForms(mountForm: MountForm, db: Database): void {
  mountForm({
    name: 'update',
    path: 'updates',
    sample: { status: 'running', progress: 10, text_cs: 'Začali jsme' },
    read: (body) => ({
      status: text(body, 'status'),
      progress: text(body, 'progress'),
      text: pairIn(body, 'text'),
    }),
    work: (request, id, given) => {
      const status = statuses.find((one) => one === given.status)
      if (!status) throw new Invalid('No such state', { status: 'status' })
      const wanted = { status, progress: numberIn(given.progress), text: given.text }
      return update(db, actorOf(request), id, wanted, request.now)
    },
  })
  mountForm({
    name: 'evidence',
    path: 'evidence',
    sample: { kind: 'document', label_cs: 'Zápis', link: 'https://hsoc.example/zapis' },
    read: (body) => ({
      kind: text(body, 'kind'),
      label: pairIn(body, 'label'),
      link: text(body, 'link'),
    }),
    work: (request, id, given) => {
      const kind = evidenceKinds.find((one) => one === given.kind) ?? 'document'
      return addEvidence(db, actorOf(request), id, { ...given, kind }, request.now)
    },
  })
  mountForm({
    name: 'date',
    path: 'dates',
    sample: { new_on: '2027-01-31', reason_cs: 'dodavatel' },
    read: (body) => ({ newOn: text(body, 'new_on'), reason: pairIn(body, 'reason') }),
    work: (request, id, given) => moveDate(db, actorOf(request), id, given, request.now),
  })
  mountForm({
    name: 'words',
    path: 'words',
    sample: { title_cs: 'Krok', owner: 'hSOC-Tech', public: 1 },
    read: (body) => {
      const { title, owner, public: shown } = actionForm(body)
      return { title, owner, public: shown }
    },
    work: (request, id, given) => rewordAction(db, actorOf(request), id, given, request.now),
  })
}
