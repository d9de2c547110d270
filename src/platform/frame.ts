/** What every page's frame is given: whose page it is, where they may go, and how they like it to look. */
import type { FastifyRequest } from 'fastify'
import { type Actor, isCoordinator, isOperator, organisationsOf } from './access.ts'
import { homeZone } from './dates.ts'
import type { T } from './i18n.ts'

/** Structurally the page's properties (src/ui/page.tsx) without its content. */
export interface Frame {
  t: T
  title: string
  active?: string
  path: string
  nonce: string
  now: number
  zone: string
  theme: 'auto' | 'light' | 'dark'
  actor?: { name: string; organisations: { id: number; name: string }[]; roles: string[] }
  nav?: { key: string; href: string; label: string }[]
  csrf?: string
  /** Printed in the head; the actor's only organisation. */
  organisation?: string
}

type Reader = 'member' | 'coordinator' | 'operator'

/** Where each kind of reader may go, in this order; the words are `nav.<key>`. */
const places = [
  { key: 'home', href: '/', who: ['member', 'coordinator'] },
  { key: 'sector', href: '/sector', who: ['coordinator'] },
  { key: 'warnings', href: '/warnings', who: ['member', 'coordinator'] },
  { key: 'days', href: '/days', who: ['member', 'coordinator'] },
  { key: 'search', href: '/search', who: ['member', 'coordinator'] },
  { key: 'sensors', href: '/sensors', who: ['member', 'coordinator', 'operator'] },
  { key: 'suppressed', href: '/suppressed', who: ['member', 'coordinator'] },
  { key: 'tests', href: '/announced-tests', who: ['member', 'coordinator'] },
  { key: 'rules', href: '/rules', who: ['coordinator'] },
  { key: 'members', href: '/members', who: ['coordinator'] },
  { key: 'exercises', href: '/exercises', who: ['coordinator'] },
  { key: 'deliveries', href: '/deliveries', who: ['coordinator'] },
  { key: 'site', href: '/site', who: ['coordinator'] },
  { key: 'account', href: '/account', who: ['member', 'coordinator', 'operator'] },
] as const satisfies { key: string; href: string; who: Reader[] }[]

/** A person may be several kinds of reader at once. */
function readersIn(actor: Actor): Reader[] {
  return [
    ...(organisationsOf(actor).length > 0 ? (['member'] as const) : []),
    ...(isCoordinator(actor) ? (['coordinator'] as const) : []),
    ...(isOperator(actor) ? (['operator'] as const) : []),
  ]
}

export function navOf(actor: Actor, t: T): { key: string; href: string; label: string }[] {
  const readers = readersIn(actor)
  return places
    .filter((place) => place.key === 'account' || place.who.some((who) => readers.includes(who)))
    .map(({ key, href }) => ({ key, href, label: t(`nav.${key}`) }))
}

function themeOf(cookie: string | undefined): Frame['theme'] {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto'
}

/** The frame of a request's page; spread it into `<Page>`. `active` is a key of the navigation, `zone` an IANA name. */
export function frameOf(
  request: FastifyRequest,
  page: { title: string; active?: string; zone?: string },
): Frame {
  const { actor, session, t } = request
  const frame: Frame = {
    t,
    title: page.title,
    path: request.url,
    nonce: request.nonce,
    now: request.now,
    zone: page.zone ?? homeZone,
    theme: themeOf(request.cookies.theme),
  }
  if (page.active) frame.active = page.active
  if (!actor || !session) return frame
  const organisations = organisationsOf(actor)
  return {
    ...frame,
    actor: { name: actor.name, organisations, roles: [...new Set(actor.engagements.map((e) => e.role))] },
    nav: navOf(actor, t),
    csrf: session.csrf,
    ...(organisations.length === 1 ? { organisation: organisations[0]?.name } : {}),
  }
}
