/** Who is asking, and may they: before any handler of a route runs. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from './access.ts'
import { keyShown, refuseKey, useKey } from './api-keys.ts'
import type { Context } from './context.ts'
import { Forbidden, Stale } from './errors.ts'
import { translator } from './i18n.ts'
import type { Access, App } from './route-access.ts'
import { openKeeper, sessionOf } from './sessions.ts'
import { freshMs } from './strength.ts'

/** Lets in by session or by key whom the route's access names, and refuses everybody else. */
export function openDoor(app: App, context: Context): void {
  const keep = openKeeper(context)
  app.addHook('preHandler', async (request, reply) => {
    const access = request.routeOptions.config.access
    if (!access || access.by === 'sensor') return
    const key = keyShown(request)
    if (key !== null) return enterByKey(context, access, key, request, reply)
    const lacks = await identify(context, request, access)
    // What waits for its second half ends when it was to end.
    if (request.session?.reach === 'full') await keep(request.session.tokenHash, request.now)
    if (request.actor && !request.cookies.lang) request.t = translator(request.actor.language)
    const may = mayCall(access, request.actor)
    if (access.onward && lacks && lacks !== 'none') return askToSignIn(request, reply, lacks)
    if (may === 'sign-in') return askToSignIn(request, reply, lacks ?? 'none')
    if (may === 'no') throw new Forbidden(request.t('ui.forbidden'))
    if (access.by !== 'token') refuseForgery(request)
    refuseStale(access, request)
  })
}

/** True when a person's browser asks for a page, false for a program. */
export const wantsPage = (request: FastifyRequest): boolean =>
  !request.url.startsWith('/api/') &&
  !request.url.startsWith('/warden3') &&
  (request.headers.accept ?? 'text/html').includes('html')

/** Same-origin posts only: browsers tell where a form came from; a session's forms carry its token besides. */
function refuseForgery(request: FastifyRequest): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site && !['same-origin', 'none'].includes(String(site))) throw new Forbidden(request.t('ui.forged'))
  if (!request.session) return
  const given = (request.body as { _csrf?: unknown } | undefined)?._csrf ?? request.headers['x-csrf-token']
  if (given !== request.session.csrf) throw new Forbidden(request.t('ui.forged'))
}

function mayCall(access: Access, actor: Actor | null): 'yes' | 'sign-in' | 'no' {
  if (access.who === 'anyone') return 'yes'
  if (!actor) return 'sign-in'
  if (access.who === 'signed-in') return 'yes'
  const { who } = access
  return actor.engagements.some((e) => who.includes(e.role)) ? 'yes' : 'no'
}

/** Where to go to prove what a session still lacks. */
const next = {
  none: { page: '/sign-in', error: 'sign-in', message: 'Sign in first.' },
  second: { page: '/sign-in/second', error: 'second-factor', message: 'Give the second factor first.' },
  enrol: { page: '/account/means', error: 'second-factor', message: 'Set up a second factor first.' },
} as const

function askToSignIn(request: FastifyRequest, reply: FastifyReply, lacks: keyof typeof next): FastifyReply {
  const { page, error, message } = next[lacks]
  if (!wantsPage(request)) return reply.status(401).send({ error, message })
  const back = `?back=${encodeURIComponent(request.method === 'GET' ? request.url : '/')}`
  return reply.redirect(`${page}${back}`, 303)
}

/** Sets session and actor of the request, and answers what the holder of its cookie lacks for this route, if anything. */
async function identify(
  context: Context,
  request: FastifyRequest,
  access: Access,
): Promise<keyof typeof next | null> {
  const session = await sessionOf(context, request.cookies.hsoc_session, request.now)
  if (!session) return 'none'
  if (session.reach !== 'full' && !access.reach?.includes(session.reach)) return session.reach
  request.session = session
  request.actor = session.actor
  return null
}

/** A form keeps what was typed while its sender proves once more who they are. */
function refuseStale(access: Access, request: FastifyRequest): void {
  if (access.fresh && request.session && request.now >= request.session.provedAt + freshMs)
    throw new Stale(request.t('ui.stale'))
}

/** A request with a key is the key's and nobody else's, whatever cookie came with it. Answers the refusal, if any. */
async function enterByKey(
  context: Context,
  access: Access,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const open = access.who === 'anyone' && request.method === 'GET'
  if (!access.key) return open ? undefined : refuseKey(reply, 'door', request.now)
  const asked = { scope: access.key, route: `GET ${request.routeOptions.url}` }
  const use = await useKey(context, key, asked, request.now)
  if ('refused' in use) return refuseKey(reply, use.refused, request.now)
  if (mayCall(access, use.actor) !== 'yes') return refuseKey(reply, 'scope', request.now)
  request.actor = use.actor
  if (!request.headers['accept-language']) request.t = translator(use.actor.language)
  return undefined
}
