/** What stands above every page of somebody whose organisation is asked and has not answered. */
import type { FastifyRequest } from 'fastify'
import { asActor, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { short } from '../../../platform/dates.ts'
import { type App, wantsPage } from '../../../platform/http.ts'
import { unansweredCalls } from '../read.ts'
import { nameOf } from '../words.ts'

/** To be called before routes are mounted. */
export function watchCalls(app: App, context: Context): void {
  app.addHook('preHandler', async (request) => {
    if (concerned(request) && (await isAnyRunning(context))) await note(context, request)
  })
}

const concerned = (request: FastifyRequest): boolean =>
  request.session?.reach === 'full' &&
  request.actor !== null &&
  request.method === 'GET' &&
  wantsPage(request) &&
  organisationsOf(request.actor).length > 0

/** Nearly always none: the index over running calls is empty, and the question costs next to nothing. */
async function isAnyRunning(context: Context): Promise<boolean> {
  const { rowCount } = await context.db.engine.query(
    `select 1 from broadcasts where state in ('approved', 'sending', 'open') limit 1`,
  )
  return rowCount !== 0
}

async function note(context: Context, request: FastifyRequest): Promise<void> {
  const { actor, t, now } = request
  if (!actor) return
  const waiting = await asActor(context.db, actor, now, unansweredCalls)
  request.calls = waiting.map((call) => ({
    title: nameOf(call, t),
    text: t('rollcalls.banner', {
      title: call.title,
      deadline: call.deadlineAt === null ? '' : short(call.deadlineAt, now, t, context.settings.zone),
    }),
    href: `/rollcalls/${call.id}`,
    see: t('rollcalls.banner.see'),
  }))
}
