/** What people and programs reach of this module: the list, one advisory, and for coordinators where they come from. */
import type { FastifyRequest } from 'fastify'
import { isCoordinator } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { together } from '../../platform/database.ts'
import { frameOf } from '../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../platform/http.ts'
import { cursorOf, nextOf } from '../../platform/paging.ts'
import { memberRoles } from '../members/index.ts'
import { mostProducts } from './csaf/read.ts'
import { advisoryJson, lineJson } from './json.ts'
import { listPage } from './pages/list.tsx'
import { showPage } from './pages/show.tsx'
import { type AdvisorySlots, showDone } from './pages/show-props.ts'
import { type AdvisoryLine, advisories, advisoryAt, countAdvisories, sourceNames } from './queries.ts'
import { doneOf, idIn, page, reading, sendHtml } from './routes/answers.ts'
import { mountHandApi } from './routes/api-hand.ts'
import { mountSourcesApi } from './routes/api-sources.ts'
import { mountHand } from './routes/hand.ts'
import { mountSources } from './routes/sources.ts'
import { advisoriesAnswer, advisoryAnswer, type ListQuery, query, versionQuery } from './schema.ts'

const readers: Access['who'] = [...memberRoles, 'coordinator']
const one: Access = { who: readers, objects: { id: 'advisory' } }
const perPage = 50

/** `slots` is what higher modules add to the page of an advisory. */
export function mountAdvisories(app: App, context: Context, slots: AdvisorySlots = {}): void {
  const found = (request: FastifyRequest, given: ListQuery) =>
    reading(context, request, async (tx) => {
      const { after, ...filters } = given
      const { rows, total, sources } = await together({
        rows: advisories(tx, filters, cursorOf(after), perPage + 1),
        total: countAdvisories(tx, filters),
        sources: sourceNames(tx),
      })
      const cursors = rows.map((row: AdvisoryLine) => ({ at: row.shownAt, id: row.id }))
      return { rows: rows.slice(0, perPage), next: nextOf(cursors, perPage), total, sources }
    })

  app.get('/advisories', page({ who: readers }), async (request, reply) => {
    const read = query.safeParse(request.query)
    const given = read.success ? read.data : {}
    const frame = frameOf(request, {
      title: request.t('advisories.title'),
      active: 'advisories',
      zone: context.settings.zone,
    })
    const coordinates = isCoordinator(actorOf(request))
    return sendHtml(reply, listPage({ frame, given, coordinates, ...(await found(request, given)) }))
  })

  app.get('/advisories/:id', page(one), async (request, reply) => {
    const { version } = versionQuery.parse(request.query)
    const actor = actorOf(request)
    const shown = await reading(context, request, async (tx) => {
      const advisory = await advisoryAt(tx, idIn(request), version ?? null)
      const frame = frameOf(request, {
        title: advisory.content.title,
        active: 'advisories',
        zone: context.settings.zone,
      })
      return { advisory, frame, beside: await slots.beside?.(tx, actor, advisory, frame) }
    })
    const done = doneOf(request, showDone)
    return sendHtml(
      reply,
      showPage({ ...shown, coordinates: isCoordinator(actor), person: actor.person, done }),
    )
  })

  mountApi(app, context, found)
  mountHand(app, context)
  mountSources(app, context)
  mountHandApi(app, context)
  mountSourcesApi(app, context)
}

type Found = { rows: AdvisoryLine[]; next: string | null; total: number }

function mountApi(
  app: App,
  context: Context,
  found: (request: FastifyRequest, given: ListQuery) => Promise<Found>,
): void {
  app.get(
    '/api/v1/advisories',
    {
      config: { access: { who: readers, key: 'warnings.read' } },
      schema: {
        tags: ['advisories'],
        summary: 'Advisories of vendors and authorities, latest first',
        querystring: query,
        response: { 200: advisoriesAnswer },
      },
    },
    async (request) => {
      const { rows, next, total } = await found(request, query.parse(request.query))
      return { total, next, advisories: rows.map(lineJson) }
    },
  )
  app.get(
    '/api/v1/advisories/:id',
    {
      config: { access: { ...one, key: 'warnings.read' } },
      schema: {
        tags: ['advisories'],
        summary: 'One advisory: its products by status, remedies, scores and versions',
        response: { 200: advisoryAnswer },
      },
    },
    async (request) =>
      advisoryJson(
        await reading(context, request, (tx) => advisoryAt(tx, idIn(request), null, mostProducts)),
      ),
  )
}
