/** What people and programs reach of this module: the list, one match, answers and decisions; for coordinators names that wait. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator, organisationsOf } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/database.ts'
import { Invalid, NotFound } from '../../platform/errors.ts'
import { frameOf } from '../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../platform/http.ts'
import { page, sendHtml } from '../../platform/page-routes.ts'
import { type Advisory, advisoryAt } from '../advisories/index.ts'
import { decisionOn, decisionsOf, mayDecideAt } from '../assets/index.ts'
import { memberRoles } from '../members/index.ts'
import { detailsOf, formOf, wordOf } from '../warnings/pages.ts'
import { type AnswerResult, answer, decide } from './answers.ts'
import { listPage } from './pages/list.tsx'
import { type Said, type ShowProps, showPage } from './pages/show.tsx'
import { changesOf, type Group, groupsOf, matchAt } from './read.ts'
import { mountApi } from './routes/api.ts'
import { mountDecisionApi } from './routes/api-decisions.ts'
import { listed } from './routes/listed.ts'
import { decisionForm, idParam, query } from './schema.ts'
import { counted, heldNow, release } from './sector.ts'

const own: Access['who'] = [...memberRoles]
const ofItem: Access = { who: own, objects: { id: 'match' } }
const ofAsset: Access = { who: own, objects: { id: 'match', asset: 'match_asset' } }
const perPage = 50
const deeds = ['answered', 'kept', 'conflict', 'decided', 'withdrawn', 'released'] as const

function idIn(request: FastifyRequest, name = 'id'): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

export function mountMatches(app: App, context: Context): void {
  const { db, settings } = context
  const frame = (request: FastifyRequest, title: string) =>
    frameOf(request, { title, active: 'advisories', zone: settings.zone })

  app.get('/matches', page({ who: [...memberRoles, 'coordinator'] }), async (request, reply) => {
    const read = query.safeParse(request.query)
    const given = read.success ? read.data : {}
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, async (tx) => ({
      ...(await listed(tx, given, perPage)),
      sector: isCoordinator(actor) ? { held: await heldNow(tx), counted: await counted(tx) } : null,
    }))
    const props = {
      frame: frame(request, request.t('matches.title')),
      given,
      own: organisationsOf(actor),
      ...found,
    }
    return sendHtml(reply, listPage({ ...props, flash: flashOf(request) }))
  })

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wrong: Pick<ShowProps, 'answering' | 'wrong'> = {},
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, (tx) => shownIn(tx, idIn(request)))
    const drawn = showPage({
      frame: frame(request, found.item.title),
      ...{ actor, ...found, ...wrong, flash: flashOf(request) },
      mayDecide: mayDecideAt(actor, found.item.org),
    })
    return sendHtml(reply, drawn, Object.keys(wrong).length > 0 ? 422 : 200)
  }
  app.get('/matches/:id', page(ofItem), (request, reply) => draw(request, reply))

  app.post('/matches/:id/answer', page({ ...ofItem, sample: { answer: 'seen' } }), async (request, reply) => {
    const id = idIn(request)
    const form = formOf(request.body)
    try {
      const word = wordOf((request.body as Record<string, unknown> | undefined)?.answer)
      if (!word) throw new Invalid('There is no such answer', { answer: 'form' })
      const result = await answer(db, id, { answer: word, ...detailsOf(form) }, actorOf(request), request.now)
      return reply.redirect(`/matches/${id}?done=${outcomeOf(result)}`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { answering: { errors: error.fields, form } })
    }
  })
  mountDecisions(app, context, draw)
  app.post(
    '/advisories/:id/release',
    page({ who: ['coordinator'], objects: { id: 'advisory' } }),
    async (request, reply) => {
      await release(db, idIn(request), actorOf(request), request.now)
      return reply.redirect('/matches?done=released', 303)
    },
  )
  mountApi(app, context)
  mountDecisionApi(app, context)
}

type Draw = (
  request: FastifyRequest,
  reply: FastifyReply,
  wrong?: Pick<ShowProps, 'wrong'>,
) => Promise<FastifyReply>

function mountDecisions(app: App, { db }: Context, draw: Draw): void {
  const path = '/matches/:id/assets/:asset/decision'
  app.post(path, page({ ...ofAsset, sample: { same: 'yes' } }), async (request, reply) => {
    const [id, asset] = [idIn(request), idIn(request, 'asset')]
    const form = decisionForm.safeParse(request.body ?? {})
    if (!form.success) return draw(request, reply, { wrong: request.t('matches.wrong.reason') })
    const { same, reason } = form.data
    try {
      await decide(db, id, { asset, same: same === 'yes', reason }, actorOf(request), request.now)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { wrong: request.t('matches.wrong.reason') })
    }
    return reply.redirect(`/matches/${id}?done=decided`, 303)
  })
  app.post(`${path}/withdrawal`, page(ofAsset), async (request, reply) => {
    const [id, asset] = [idIn(request), idIn(request, 'asset')]
    await decide(db, id, { asset, same: null, reason: '' }, actorOf(request), request.now)
    return reply.redirect(`/matches/${id}?done=withdrawn`, 303)
  })
}

async function shownIn(tx: Queryable, id: number) {
  const item = await matchAt(tx, id)
  const groups = await groupsOf(tx, id)
  const advisory: Advisory = await advisoryAt(tx, item.advisory, null)
  return {
    item,
    groups,
    advisory,
    said: await saidOf(tx, item.org, groups),
    changes: await changesOf(tx, id),
  }
}

/** Who decided, for each group about which somebody did. */
async function saidOf(tx: Queryable, org: number, groups: Group[]): Promise<Map<number, Said>> {
  if (groups.every(({ said }) => said === null)) return new Map()
  const decisions = await decisionsOf(tx, org)
  return new Map(
    groups.flatMap((group): [number, Said][] => {
      const found = group.products.flatMap((product) => decisionOn(group, product, decisions) ?? [])
      const by = found.find(({ same }) => same === (group.said === 'same'))
      return by ? [[group.asset, { name: by.actor, reason: by.reason }]] : []
    }),
  )
}

const outcomeOf = ({ conflict, counted: counts }: AnswerResult): string =>
  conflict ? 'conflict' : counts ? 'answered' : 'kept'

function flashOf({ t, query: given }: FastifyRequest): ShowProps['flash'] {
  const deed = deeds.find((one) => one === (given as { done?: unknown }).done)
  if (!deed) return undefined
  return {
    kind: deed === 'conflict' || deed === 'kept' ? 'careful' : 'done',
    text: t(`matches.done.${deed}`),
  }
}
