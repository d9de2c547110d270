/** What stayed silent and why. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { type SuppressedFilters, suppressed, suppressedCounts } from '../suppressed.ts'
import { outcomes } from '../types.ts'
import { readers } from './access.ts'
import { cursorOf, type Query } from './filters.ts'
import { choiceOf } from './list-routes.ts'
import { page, sendHtml } from './route.ts'
import { periods, suppressedPage } from './suppressed.tsx'

const perPage = 50
const dayMs = 86_400_000
const hourMs = 3_600_000

function filtersOf(query: Query, now: number): SuppressedFilters {
  const days = Number(periods.find((one) => one === query.days) ?? '7')
  const outcome = outcomes.find((one) => one === query.outcome)
  const text = query.text?.trim().slice(0, 200)
  return {
    // Whole hours, so that the counts hold while somebody turns pages.
    from: Math.floor((now - days * dayMs) / hourMs) * hourMs,
    ...(outcome ? { outcome } : {}),
    ...(text ? { text } : {}),
    ...(/^\d{1,9}$/.test(query.org ?? '') ? { org: Number(query.org) } : {}),
  }
}

export function mountSuppressed(app: App, context: Context): void {
  app.get<{ Querystring: Query }>('/suppressed', page({ who: readers }), async (request, reply) => {
    const actor = actorOf(request)
    const filters = filtersOf(request.query, request.now)
    const { outcome: _, ...whole } = filters
    const found = await asActor(context.db, actor, request.now, async (tx) => ({
      rows: await suppressed(tx, filters, cursorOf(request.query.after), perPage + 1),
      counts: await suppressedCounts(tx, whole),
      organisations: await choiceOf(tx, actor),
    }))
    return sendHtml(
      reply,
      suppressedPage({
        ...found,
        rows: found.rows.slice(0, perPage),
        more: found.rows.length > perPage,
        frame: frameOf(request, { active: 'suppressed', title: request.t('warnings.suppressed.title') }),
        query: { ...request.query, outcome: filters.outcome },
      }),
    )
  })
}
