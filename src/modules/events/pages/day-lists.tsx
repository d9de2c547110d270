/** The rows behind a day's figures: events, detections and sources, with filters in the URL and the same rows as CSV. */
import type { FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { csvFile } from '../../../platform/csv.ts'
import type { Tx } from '../../../platform/database.ts'
import { dayTitle, isDay } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { detectionsOf } from '../queries/detection-list.ts'
import { eventsOf } from '../queries/event-list.ts'
import type { Listed } from '../queries/keyset.ts'
import { hoursOfDay } from '../queries/scope.ts'
import { sourcesOf } from '../queries/source-list.ts'
import { type DayQuery, dayQuery } from '../schema.ts'
import { detectionColumns, eventColumns, type ListColumn, sourceColumns } from './day-columns.tsx'
import { type ListPage, listHtml } from './list-page.tsx'
import { readers, viewOf } from './view.ts'

export function mountDayLists(app: App, context: Context): void {
  const { db, settings } = context
  const zone = settings.zone
  app.get(
    '/days/:day/:list',
    { config: { access: { who: readers } }, schema: { hide: true, querystring: dayQuery } },
    async (request, reply) => {
      const { day, list } = request.params as { day: string; list: string }
      const [, name, file] = /^(events|detections|sources)(\.csv|\.json)?$/.exec(list) ?? []
      if (!isDay(day) || !name) throw new NotFound('There is no such page.')
      const query = request.query as DayQuery
      const actor = actorOf(request)
      const { t, now } = request
      const made = await asActor(db, actor, now, async (tx) => {
        const view = await viewOf(tx, actor, request.query)
        if (view.kind === 'sector') throw new NotFound('The published figures of the sector open no rows.')
        const page: Unread = {
          t,
          now,
          zone,
          day,
          view,
          query,
          name,
          path: `/days/${day}/${name}`,
          title: t(`events.list.${name}`),
          lead: dayTitle(day, t),
          kinds: [],
        }
        return build(tx, page, !file)
      })
      if (file === '.json')
        return reply.send({
          rows: made.listed.rows,
          total: made.listed.total,
          older: made.listed.older,
          newer: made.listed.newer,
        })
      if (file === '.csv')
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="hsoc-${day}-${name}.csv"`)
          .send(made.csv())
      return reply.type('text/html; charset=utf-8').send(made.html(request))
    },
  )
}

/** What a list is before its rows are read. */
type Unread = Omit<ListPage<unknown>, 'listed' | 'columns'>

interface Made {
  listed: Listed<unknown>
  csv(): string
  html(request: FastifyRequest): string
}

/** Reads the rows; `kinds` for the filter only when a page is drawn. */
async function build(tx: Tx, page: Unread, drawn: boolean): Promise<Made> {
  const { view, query, day, zone } = page
  const filter = {
    whose: view.orgs,
    hours: hoursOf(query, hoursOfDay(day, zone)),
    class: query.class,
    source: query.source,
  }
  const place = { older: query.older, newer: query.newer }
  const kinds = drawn && page.name !== 'sources' ? await kindsOf(tx, page) : []
  const whole = { ...page, kinds }
  switch (page.name) {
    case 'detections':
      return drawnOf(whole, await detectionsOf(tx, filter, place, query.limit), detectionColumns(page))
    case 'sources':
      return drawnOf(whole, await sourcesOf(tx, filter, place, query.limit), sourceColumns(page))
    default: {
      const { verdict, sensor, detector, port } = query
      const only = { ...filter, verdict, sensor, detector, port }
      return drawnOf(whole, await eventsOf(tx, only, place, query.limit), eventColumns(page))
    }
  }
}

/** Rows with the columns that were made for them; beyond here nobody asks which list it is. */
function drawnOf<Row>(page: Unread, listed: Listed<Row>, columns: ListColumn<Row>[]): Made {
  return {
    listed,
    csv: () =>
      csvFile(
        columns.map((column) => column.key),
        listed.rows.map((row) => columns.map((column) => column.plain(row))),
      ),
    html: (request) => listHtml(request, { ...page, listed, columns }),
  }
}

function hoursOf(query: DayQuery, day: { first: number; last: number }): { first: number; last: number } {
  if (query.hour === undefined) return day
  const hour = Date.parse(`${query.hour}:00:00Z`) / 3_600_000
  return hour >= day.first && hour <= day.last
    ? { first: hour, last: hour }
    : { first: day.last + 1, last: day.last }
}

async function kindsOf(tx: Tx, { view, day, zone }: Unread): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select distinct c.name from totals join classes c on c.id = dim_id where hour between $1 and $2 and org_id = any ($3) and lane = 0 and dim = 1 order by 1`,
    [hoursOfDay(day, zone).first, hoursOfDay(day, zone).last, view.orgs],
  )
  return rows.map((row) => row.name)
}
