/** Looking for a person: coordinators among all, others among the people of their organisations. */
import { asReader, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { countPeople, findPeople } from '../find-people.ts'
import { memberRoles } from '../may.ts'
import { findPeoplePage } from '../pages/find-people.tsx'
import { findQuery } from '../schema.ts'
import { sendPage } from './answers.ts'

const pageSize = 50

export function mountFindPeople(app: App, context: Context): void {
  app.get(
    '/people/search',
    { config: { access: { who: ['coordinator', ...memberRoles] } }, schema: { hide: true } },
    async (request, reply) => {
      const actor = actorOf(request)
      const { q = '', after } = findQuery.parse(request.query)
      const { rows, total } = await asReader(context.db, actor, request.now, (tx) =>
        together({ rows: findPeople(tx, { q, after, limit: pageSize + 1 }), total: countPeople(tx, q) }),
      )
      const frame = frameOf(request, {
        title: request.t('finding.title'),
        active: isCoordinator(actor) ? 'members' : 'people',
        zone: context.settings.zone,
      })
      const hasMore = rows.length > pageSize
      return sendPage(
        reply,
        findPeoplePage({
          frame,
          q,
          rows: rows.slice(0, pageSize),
          total,
          isFirst: !after,
          hasMore,
          handsOut: isCoordinator(actor),
        }),
      )
    },
  )
}
