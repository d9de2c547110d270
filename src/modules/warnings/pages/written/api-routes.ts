/** The list and one warning, for programs. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { together } from '../../../../platform/database.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { confirmedOf } from '../../written/indicators/keep.ts'
import {
  countWithTombstones,
  isWhole,
  listedAt,
  listWithTombstones,
  tombstoneOf,
} from '../../written/tombstones.ts'
import { idOf, readers } from '../access.ts'
import { cursorOf, cursorText } from '../filters.ts'
import { api } from '../route.ts'
import { asJson, goneAnswer, goneJson, writtenAnswer, writtenList } from './api.ts'
import { filtersOf, type Query, states } from './list-filters.ts'
import { shownIn } from './show-routes.ts'

interface Params {
  id: string
}

export function mountWrittenApi(app: App, { db }: Context): void {
  app.get<{ Querystring: z.infer<typeof query> }>(
    '/api/v1/written-warnings',
    api(
      { who: readers, key: 'warnings.read' },
      'Written warnings the caller may read, those changed last first',
      {
        querystring: query,
        response: { 200: writtenList },
      },
    ),
    async (request) => {
      const { after, limit } = request.query
      const filters = filtersOf(request.query as Query)
      const found = await asReader(db, actorOf(request), request.now, (tx) =>
        together({
          rows: listWithTombstones(tx, filters, cursorOf(after), limit + 1),
          total: countWithTombstones(tx, filters),
        }),
      )
      const rows = found.rows.slice(0, limit)
      const confirmed = await asReader(db, actorOf(request), request.now, (tx) =>
        confirmedOf(
          tx,
          rows.filter(isWhole).map((row) => row.id),
        ),
      )
      const last = rows.at(-1)
      return {
        total: found.total,
        next:
          found.rows.length > limit && last ? cursorText({ openedAt: listedAt(last), id: last.id }) : null,
        warnings: rows.map((row) =>
          isWhole(row) ? asJson(row, row.shown, confirmed.get(row.id) ?? [], request.now) : goneJson(row),
        ),
      }
    },
  )
  app.get<{ Params: Params }>(
    '/api/v1/written-warnings/:id',
    api(
      { who: readers, objects: { id: 'written' }, key: 'warnings.read' },
      'One written warning as its reader may see it',
      {
        response: { 200: z.union([writtenAnswer, goneAnswer]) },
      },
    ),
    async (request) => {
      const id = idOf(request.params.id)
      return asReader(db, actorOf(request), request.now, async (tx) => {
        const gone = await tombstoneOf(tx, id)
        if (gone) return goneJson(gone)
        const { warning, version, indicators } = await shownIn(tx, id, undefined, false, request.now)
        return asJson(warning, version, indicators, request.now)
      })
    },
  )
}

const query = z.object({
  state: z.enum(states).optional(),
  text: z.string().max(200).optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
