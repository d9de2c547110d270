/** What a reader has to know of break-glass access before any page of theirs is drawn. */
import type { FastifyRequest } from 'fastify'
import { isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { named } from '../../../platform/database.ts'
import { type App, wantsPage } from '../../../platform/http.ts'
import type { Glass } from '../../../platform/route-access.ts'

interface Row {
  kind: Glass['kind']
  id: number
  org_id: number
  organisation: string
  person: string
  ends_at: Date
}

/** To be called before routes are mounted. A coordinator's reads are marked; everybody's pages say what is open. */
export function watchGlass(app: App, context: Context): void {
  app.addHook('preHandler', async (request) => {
    if (concerned(request)) request.glass = await glassOf(context, request)
  })
}

function concerned(request: FastifyRequest): boolean {
  const { session, actor } = request
  if (session?.reach !== 'full' || !actor) return false
  return isCoordinator(actor) || (request.method === 'GET' && wantsPage(request))
}

async function glassOf(context: Context, { session, now }: FastifyRequest): Promise<Glass[]> {
  const { rows } = await context.db.app
    .query<Row>('select * from glass_of_session($1, to_timestamp($2 / 1000.0))', [session?.tokenHash, now])
    .catch((error: unknown) => Promise.reject(named(error)))
  return rows.map(({ kind, id, org_id, organisation, person, ends_at }) => ({
    kind,
    id,
    org: org_id,
    organisation,
    person,
    endsAt: ends_at.getTime(),
  }))
}

/** The access that the reader has open, if any. */
export const ownGlass = (request: FastifyRequest): Glass | undefined =>
  request.glass.find(({ kind }) => kind === 'own')
