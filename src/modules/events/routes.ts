/** Pages and JSON of the events' side. Each route says who may call it and which kind of object its path names. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Actor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { isDay } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../platform/http.ts'
import { mountDays } from './pages/day.tsx'
import { mountDayLists } from './pages/day-lists.tsx'
import { filterOf, mountEpisodes } from './pages/episodes.tsx'
import { mountEvent } from './pages/event.tsx'
import { mountSearch } from './pages/search.tsx'
import { mountSensors } from './pages/sensors.tsx'
import { mountSource } from './pages/source.tsx'
import { idParam, readers, viewOf } from './pages/view.ts'
import { watchers, weekMs } from './pages/watchers.ts'
import { dayFigures } from './queries/day.ts'
import { episodeOf, episodesOf } from './queries/episodes.ts'
import { search } from './queries/search.ts'
import { sectorDay } from './queries/sector.ts'
import { accountOf, refusalsOf, sensorHealth } from './queries/sensors.ts'
import { sourceHistory } from './queries/source.ts'
import { describeApiDoor, describeEnrolment } from './routes/described.ts'
import * as schema from './schema.ts'
import type { Slots } from './slots.ts'

export type { Hit, SearchProvider, Slots } from './slots.ts'

/** `slots` is what higher modules add to the pages: their part of the search, warnings beside episodes and sources. */
export function mountEvents(app: App, context: Context, slots: Slots = {}): void {
  mountDays(app, context)
  mountDayLists(app, context)
  mountEpisodes(app, context, slots)
  mountEvent(app, context)
  mountSource(app, context, slots)
  mountSensors(app, context)
  mountSearch(app, context, slots)
  mountApi(app, context)
  describeApiDoor(app)
  describeEnrolment(app)
}

interface Answer<Query> {
  summary: string
  who?: Access['who']
  key: NonNullable<Access['key']>
  objects?: Access['objects']
  querystring?: z.ZodType<Query>
  response: unknown
}

interface Asked<Query> {
  params: Record<string, string>
  query: Query
  now: number
  request: FastifyRequest
}

function mountApi(app: App, { db, settings }: Context): void {
  const { zone } = settings
  const get = <Query = unknown>(
    url: string,
    says: Answer<Query>,
    read: (tx: Tx, actor: Actor, asked: Asked<Query>) => Promise<unknown>,
  ): void => {
    app.get(
      url,
      {
        config: {
          access: {
            who: says.who ?? readers,
            key: says.key,
            ...(says.objects ? { objects: says.objects } : {}),
          },
        },
        schema: {
          tags: ['events'],
          summary: says.summary,
          ...(says.querystring ? { querystring: says.querystring } : {}),
          response: { 200: says.response },
        },
      },
      async (request) => {
        const actor = actorOf(request)
        const asked = {
          params: request.params as Record<string, string>,
          query: request.query as Query, // checked against the schema that stands above
          now: request.now,
          request,
        }
        return asReader(db, actor, request.now, (tx) => read(tx, actor, asked))
      },
    )
  }
  const dayIn = (params: Record<string, string>): string => {
    if (!isDay(params.day ?? '')) throw new NotFound('There is no such day.')
    return params.day as string
  }

  get(
    '/api/v1/days/:day',
    {
      key: 'figures.read',
      summary: 'The daily view of the perimeter or of your organisations',
      querystring: schema.dayQuery,
      response: schema.dayAnswer,
    },
    async (tx, actor, { params, query, now }) => {
      const day = dayIn(params)
      const view = await viewOf(tx, actor, { org: query.org })
      return dayFigures(tx, { day, zone, org: view.orgs, now })
    },
  )
  get(
    '/api/v1/sector/days/:day',
    {
      key: 'figures.read',
      summary: 'The published figures of the sector, none of fewer than five organisations',
      response: schema.sectorAnswer,
    },
    async (tx, _actor, { params }) => {
      const figures = await sectorDay(tx, { day: dayIn(params), zone })
      return { published: figures !== null, figures }
    },
  )
  get(
    '/api/v1/episodes',
    {
      key: 'events.read',
      summary: 'Episodes, the latest first',
      querystring: schema.episodeQuery,
      response: schema.episodesAnswer,
    },
    async (tx, actor, { query }) =>
      episodesOf(tx, filterOf(await viewOf(tx, actor, query), query), query, query.limit),
  )
  get(
    '/api/v1/episodes/:id',
    {
      key: 'events.read',
      summary: 'One episode',
      objects: { id: 'episode' },
      response: schema.episodeAnswer,
    },
    async (tx, _actor, { request }) => {
      const found = await episodeOf(tx, idParam(request))
      const episode = found && 'alias' in found ? await episodeOf(tx, found.alias) : found
      if (!episode || 'alias' in episode) throw new NotFound('There is no such episode.')
      return episode
    },
  )
  get(
    '/api/v1/sources/:address',
    {
      key: 'events.read',
      summary: 'What a source did in 30 days',
      objects: { address: 'source' },
      response: schema.sourceAnswer,
    },
    async (tx, actor, { params, now }) => {
      const view = await viewOf(tx, actor, {})
      const history = await sourceHistory(tx, params.address ?? '', { whose: view.orgs, zone, now })
      if (!history) throw new NotFound('Nothing is known of this source.')
      return history
    },
  )
  get(
    '/api/v1/sensors',
    {
      key: 'sensors.read',
      summary: 'Sensors with health and accounting',
      who: watchers,
      response: schema.sensorsAnswer,
    },
    async (tx, _actor, { now }) => ({ sensors: await sensorHealth(tx, { now }) }),
  )
  get(
    '/api/v1/sensors/:id',
    {
      key: 'sensors.read',
      summary: 'One sensor with its account of seven days',
      who: watchers,
      objects: { id: 'sensor' },
      response: schema.sensorAnswer,
    },
    async (tx, _actor, { request, now }) => {
      const id = idParam(request, 'id', 2_147_483_647)
      const [sensor] = await sensorHealth(tx, { now, id })
      if (!sensor) throw new NotFound('There is no such sensor.')
      return {
        ...sensor,
        account: await accountOf(tx, id, now - weekMs, now + 1),
        refusals: await refusalsOf(tx, id, now - weekMs, now + 1),
      }
    },
  )
  get(
    '/api/v1/search',
    {
      key: 'events.read',
      summary: 'Search over addresses, episodes and detectors',
      querystring: schema.searchQuery,
      response: schema.searchAnswer,
    },
    async (tx, actor, { query }) => search(tx, query.q, (await viewOf(tx, actor, {})).orgs),
  )
}
