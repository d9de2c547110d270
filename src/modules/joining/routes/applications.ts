/** Applications and what is decided of them: by coordinators, and by who manages the people of the organisation concerned. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { type MemberRole, memberRoles, organisationNamed } from '../../members/index.ts'
import { type Approval, approve, handOver, refuse, vet } from '../judge.ts'
import { applicationPage } from '../pages/application.tsx'
import { listPage } from '../pages/list.tsx'
import type { ApplicationProps } from '../pages/props.ts'
import { application, applications, findingsOf, movesOf, openByRegion } from '../queries.ts'
import { lastLoad } from '../register.ts'
import { states } from '../states.ts'
import { doneOf, idIn, page, sendHtml, text } from './answers.ts'

const judges: Access['who'] = [...memberRoles, 'coordinator']
const objects = { id: 'application' } as const
const coordinators: Access = { who: ['coordinator'], objects }
const all: Access = { who: judges, objects }

export function mountApplications(app: App, context: Context): void {
  app.get('/applications', page({ who: judges }), async (request, reply) => {
    const { t, now } = request
    const actor = actorOf(request)
    const state = states.find((one) => one === (request.query as { state?: unknown }).state) ?? null
    const coordinator = isCoordinator(actor)
    const found = await asReader(context.db, actor, now, async (tx) => ({
      rows: await applications(tx, state),
      byRegion: coordinator ? await openByRegion(tx) : new Map<string | null, number>(),
      load: coordinator ? await lastLoad(tx) : null,
    }))
    const frame = frameOf(request, {
      title: t('joining.list.title'),
      active: 'applications',
      zone: context.settings.zone,
    })
    return sendHtml(reply, listPage({ frame, ...found, state, isCoordinator: coordinator }))
  })
  mountOne(app, context)
}

/** The page of one, as it is or with what was wrong in one of its forms. */
const drawing =
  (context: Context) =>
  async (request: FastifyRequest, reply: FastifyReply, refused?: ApplicationProps['refused']) => {
    const { t, now } = request
    const actor = actorOf(request)
    const coordinator = isCoordinator(actor)
    const found = await asReader(context.db, actor, now, async (tx) => {
      const one = await application(tx, idIn(request))
      return {
        one,
        moves: await movesOf(tx, one.id),
        findings: coordinator ? await findingsOf(tx, one) : null,
      }
    })
    const done = doneOf(request, ['vetted', 'handed', 'approved', 'refused'])
    const text = applicationPage({
      frame: frameOf(request, {
        title: found.one.organisation,
        active: 'applications',
        zone: context.settings.zone,
      }),
      actor,
      ...found,
      judge: coordinator ? 'coordinator' : 'manager',
      flash: done ? { text: t(`joining.done.${done}`) } : undefined,
      ...(refused ? { refused } : {}),
    })
    return sendHtml(reply, text, refused ? 422 : 200)
  }

type Form = NonNullable<ApplicationProps['refused']>['form']

const fieldNames = ['reason', 'why', 'text', 'target', 'name', 'ico', 'kind', 'nuts3', 'role', 'org'] as const
const longest = 2_000

/** What was typed, cut only where no field of the page takes as much. */
const givenIn = (request: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    fieldNames.flatMap((name) => {
      const value = text(request.body, name).slice(0, longest)
      return value === '' ? [] : [[name, value]]
    }),
  )

function mountOne(app: App, context: Context): void {
  const draw = drawing(context)
  app.get('/applications/:id', page(all), (request, reply) => draw(request, reply))

  /** A step of the application; what was wrong with its form is said where it was typed. */
  const post = (
    path: string,
    access: Access,
    form: Form,
    done: string,
    work: (request: FastifyRequest, given: Record<string, string>) => Promise<unknown>,
  ) =>
    app.post(`/applications/:id/${path}`, page(access), async (request, reply) => {
      const given = givenIn(request)
      try {
        await work(request, given)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const { t } = request
        const errors = Object.fromEntries(
          Object.entries(error.fields).map(([field, code]) => [field, t(`joining.judge.wrong.${code}`)]),
        )
        return draw(request, reply, { form, errors, given })
      }
      return reply.redirect(`/applications/${idIn(request)}?done=${done}`, 303)
    })

  post(
    'vetting',
    { ...coordinators, sample: { reason: 'Zavoláno na číslo z webu organizace' } },
    'vetting',
    'vetted',
    (request, given) => vet(context, idIn(request), given.reason ?? '', actorOf(request), request.now),
  )
  post(
    'handing-over',
    { ...coordinators, sample: { org: 1 } },
    'handing',
    'handed',
    async (request, given) => {
      const org = await known(context, request, given.org ?? '')
      await handOver(
        context,
        idIn(request),
        { org, reason: given.reason ?? '' },
        actorOf(request),
        request.now,
      )
    },
  )
  post('approval', { ...all, sample: { role: 'duty' } }, 'approval', 'approved', async (request, given) => {
    const by = actorOf(request)
    const role = memberRoles.find((one): one is MemberRole => one === given.role)
    if (!role) throw new Invalid('Choose a role', { role: 'role' })
    const target = await targetIn(context, request, given)
    await approve(context, idIn(request), { target, role, reason: given.reason ?? '' }, by, request.now)
  })
  post(
    'refusal',
    { ...all, sample: { why: 'unverified', text: '' } },
    'refusal',
    'refused',
    (request, given) =>
      refuse(
        context,
        idIn(request),
        { why: given.why ?? '', text: given.text ?? '' },
        actorOf(request),
        request.now,
      ),
  )
}

async function targetIn(
  context: Context,
  request: FastifyRequest,
  given: Record<string, string>,
): Promise<Approval['target']> {
  if (!isCoordinator(actorOf(request))) return null
  if (given.target === 'known') return known(context, request, given.org ?? '')
  if (given.target !== 'new') return null
  const { name = '', ico = '', kind = '', nuts3 = '' } = given
  return { name, ico, kind, nuts3, despite: text(request.body, 'despite') !== '' }
}

/** The organisation of the register that a coordinator names. */
async function known(context: Context, request: FastifyRequest, name: string): Promise<number> {
  const named = await asReader(context.db, actorOf(request), request.now, (tx) => organisationNamed(tx, name))
  if (typeof named === 'string') throw new Invalid('No such organisation', { target: named })
  return named.id
}
