/** The list as a page, as CSV and as JSON: the same filters, the same rows. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Actor, asReader, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { csvFile } from '../../../platform/csv.ts'
import { type Queryable, together } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { countWarnings, listWarnings } from '../queries.ts'
import { warningsAnswer } from '../schema.ts'
import { type Filters, ruleIds, type WarningRow } from '../types.ts'
import { readers } from './access.ts'
import { nameOf } from './both-cells.tsx'
import { cursorIn, kindIn, listBoth } from './both-lists.ts'
import { cursorOf, cursorText, filtersOf, type Query } from './filters.ts'
import { listPage } from './list.tsx'
import { api, page, sendHtml } from './route.ts'
import { kindOf, titleOf } from './words.ts'

const perPage = 50
/** Rows of one CSV file; more are asked for with a narrower filter. */
const mostCsv = 20_000

/** Those the reader may choose among: coordinators all, others their own. */
export async function choiceOf(tx: Queryable, actor: Actor): Promise<{ id: number; name: string }[]> {
  if (!isCoordinator(actor)) return organisationsOf(actor)
  const { rows } = await tx.query<{ id: number; name: string }>(
    'select id, name from organisations order by name, id',
  )
  return rows
}

export function mountList(app: App, context: Context): void {
  app.get<{ Querystring: Query }>('/warnings', page({ who: readers }), async (request, reply) => {
    const actor = actorOf(request)
    const filters = filtersOf(request.query)
    const { found, organisations } = await asReader(context.db, actor, request.now, (tx) =>
      together({
        found: listBoth(tx, filters, kindIn(request.query.kind), cursorIn(request.query.after), perPage + 1),
        organisations: choiceOf(tx, actor),
      }),
    )
    const frame = frameOf(request, { active: 'warnings', title: request.t('warnings.list.title') })
    return sendHtml(
      reply,
      listPage({
        total: found.total,
        organisations,
        frame: { ...frame, exercise: filters.exercise ? request.t('warnings.exercise.all') : undefined },
        rows: found.rows.slice(0, perPage),
        more: found.rows.length > perPage,
        actor,
        query: request.query,
      }),
    )
  })

  app.get<{ Querystring: Query }>('/warnings.csv', page({ who: readers }), async (request, reply) => {
    const rows = await everyRow(context, request, filtersOf(request.query))
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="warnings.csv"')
      .send(asCsv(rows, request.t))
  })

  app.get<{ Querystring: z.infer<typeof apiQuery> }>(
    '/api/v1/warnings',
    api({ who: readers, key: 'warnings.read' }, 'Warnings the caller may read, newest first', {
      querystring: apiQuery,
      response: { 200: warningsAnswer },
    }),
    async (request) => {
      const { after, limit, ...query } = request.query
      const filters = filtersOf(query as Query)
      const found = await asReader(context.db, actorOf(request), request.now, (tx) =>
        together({
          rows: listWarnings(tx, filters, cursorOf(after), limit + 1),
          total: countWarnings(tx, filters),
        }),
      )
      const rows = found.rows.slice(0, limit)
      const last = rows.at(-1)
      return {
        total: found.total,
        next: found.rows.length > limit && last ? cursorText(last) : null,
        warnings: rows.map((row) => asJson(row, request.t)),
      }
    },
  )
}

const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .optional()

const apiQuery = z.object({
  state: z.enum(['living', 'concerning', 'unattended', 'open', 'closed', 'reopened']).optional(),
  severity: z
    .string()
    .regex(/^[0-4]$/)
    .optional(),
  rule: z.enum(ruleIds).optional(),
  org: digits,
  answer: z.enum(['pending', 'seen', 'working', 'done', 'not_affected']).optional(),
  text: z.string().max(200).optional(),
  from: digits,
  to: digits,
  exercise: z.enum(['1']).optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

/** One warning for programs: words of codes as they are, times as ISO 8601. */
export function asJson(row: WarningRow, t: T) {
  return {
    id: row.id,
    number: row.number,
    title: titleOf(row.title, t.lang),
    organisation: row.org === null ? null : { id: row.org, name: row.orgName },
    rule: row.rule,
    class: row.cls,
    severity: nameOf(row.severity),
    tlp: row.tlp,
    state: row.state,
    answer: row.answer,
    answered_at: row.answeredAt === null ? null : iso(row.answeredAt),
    answered_by: row.answeredBy,
    opened_at: iso(row.openedAt),
    first_at: iso(row.firstAt),
    last_at: iso(row.lastAt),
    closed_at: row.closedAt === null ? null : iso(row.closedAt),
    events: row.events,
    going: row.going,
    seen_by_others: row.seenBand,
    assignee: row.assignee,
    exercise: row.exercise,
  }
}

/** All rows of a filter, page by page in one transaction, so that the file is of one moment. */
async function everyRow(context: Context, request: FastifyRequest, filters: Filters): Promise<WarningRow[]> {
  return asReader(context.db, actorOf(request), request.now, async (tx) => {
    const rows: WarningRow[] = []
    for (;;) {
      const last = rows.at(-1)
      const next = await listWarnings(tx, filters, last ? { at: last.openedAt, id: last.id } : null, 500)
      rows.push(...next)
      if (next.length < 500 || rows.length >= mostCsv) return rows
    }
  })
}

function asCsv(rows: WarningRow[], t: T): string {
  const head = [
    'number',
    'opened',
    'severity',
    'title',
    'kind',
    'organisation',
    'standing',
    'state',
    'first',
    'last',
    'events',
    'rule',
    'tlp',
    'exercise',
  ]
  return csvFile(
    head.map((name) => t(`warnings.csv.${name}`)),
    rows.map((row) => [
      row.number,
      iso(row.openedAt),
      t(`ui.severity.${nameOf(row.severity)}`),
      titleOf(row.title, t.lang),
      kindOf(row.cls, t.lang),
      row.orgName,
      t(`warnings.standing.${row.answer}`),
      t(`warnings.state.${row.state}`),
      iso(row.firstAt),
      iso(row.lastAt),
      row.events,
      row.rule,
      row.tlp,
      row.exercise,
    ]),
  )
}
