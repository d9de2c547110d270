/** `GET /`: each kind of reader gets the answer to his own first question; a visitor gets the public home page. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader, isCoordinator, isOperator, organisationsOf } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { homeZone } from '../../platform/dates.ts'
import { frameOf } from '../../platform/frame.ts'
import { type App, actorOf } from '../../platform/http.ts'
import { flashOf } from '../warnings/pages.ts'
import { gatherCoordinator } from './gather-coordinator.ts'
import { gatherMember } from './gather-member.ts'
import { coordinatorPage } from './pages/coordinator.tsx'
import { memberPage } from './pages/member.tsx'
import { operatorPage } from './pages/operator.tsx'
import type { View } from './pages/views.tsx'
import { watching } from './watching.ts'

interface Query {
  org?: string
  view?: string
  answered?: string
  all?: string
}

type Request = FastifyRequest<{ Querystring: Query }>

/** What somebody without a session gets. */
export type VisitorsHome = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

export function mountHome(app: App, context: Context, visitorsHome: VisitorsHome): void {
  app.get<{ Querystring: Query }>(
    '/',
    { config: { access: { who: 'anyone', onward: true } }, schema: { hide: true } },
    async (request, reply) => {
      if (!request.actor) return visitorsHome(request, reply)
      const views = viewsOf(actorOf(request))
      const view = views.find((one) => one === request.query.view) ?? views[0] ?? 'member'
      return reply.type('text/html; charset=utf-8').send(await drawn[view](context, request, views))
    },
  )
}

function viewsOf(actor: Actor): View[] {
  return [
    ...(isCoordinator(actor) ? (['coordinator'] as const) : []),
    ...(organisationsOf(actor).length > 0 ? (['member'] as const) : []),
    ...(isOperator(actor) ? (['operator'] as const) : []),
  ]
}

const drawn: Record<View, (context: Context, request: Request, views: View[]) => Promise<string>> = {
  async member(context, request, views) {
    const { t, now, query } = request
    const actor = actorOf(request)
    // Somebody else's organisation, or none: all of the reader's own together.
    const org = organisationsOf(actor).find((one) => String(one.id) === query.org)?.id ?? null
    const answered = /^(\d{1,15})-/.exec(query.answered ?? '')?.[1]
    const today = await gatherMember(context, {
      actor,
      org,
      answered: answered ? Number(answered) : null,
      all: query.all === '1',
      now,
      zone: homeZone,
      t,
    })
    return memberPage({
      frame: frameOf(request, { active: 'home', title: t('home.title') }),
      actor,
      today,
      org,
      flash: today.answered ? flashOf(request, today.answered) : undefined,
      firstRun: today.watching.lastEventAt === null,
      all: query.all === '1',
      views,
      view: 'member',
    })
  },
  async coordinator(context, request, views) {
    const today = await gatherCoordinator(context, actorOf(request), request.now)
    return coordinatorPage({
      frame: frameOf(request, { active: 'home', title: request.t('home.c.title') }),
      today,
      views,
      view: 'coordinator',
    })
  },
  async operator(context, request, views) {
    const seen = await asReader(context.db, actorOf(request), request.now, (tx) =>
      watching(tx, null, request.now),
    )
    return operatorPage({
      frame: frameOf(request, { active: 'home', title: request.t('home.o.title') }),
      watching: seen,
      views,
      view: 'operator',
    })
  },
}
