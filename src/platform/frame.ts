/** What every page's frame is given: whose page it is, where they may go, and how they like it to look. */
import type { FastifyRequest } from 'fastify'
import { type Actor, isCoordinator, isOperator, organisationsOf } from './access.ts'
import { clock, homeZone } from './dates.ts'
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
  nav?: { key: string; href: string; label: string; more?: (typeof seldomParts)[number] }[]
  csrf?: string
  /** What stands above everything on every page. */
  banners?: {
    title: string
    text: string
    href: string
    see: string
    end?: { action: string; label: string }
  }[]
  /** Printed in the head; the actor's only organisation. */
  organisation?: string
}

/** In which "More" has its places. */
const seldomParts = ['response', 'community', 'care'] as const

type Reader = 'member' | 'representative' | 'keeper' | 'dpo' | 'coordinator' | 'operator'

interface Place {
  key: string
  href: string
  who: Reader[]
  more?: (typeof seldomParts)[number]
  /** Who has it in the row nevertheless. */
  daily?: Reader
}

/**
 * Where each kind of reader may go, in this order; the words are `nav.<key>`. What is used seldom stands behind "More":
 * the row has to hold the rest, and one of these, at 1280 px.
 */
const places: Place[] = [
  { key: 'home', href: '/', who: ['member', 'coordinator'] },
  { key: 'sector', href: '/sector', who: ['coordinator'] },
  { key: 'warnings', href: '/warnings', who: ['member', 'coordinator'] },
  { key: 'written', href: '/warnings/written', who: ['member', 'coordinator'] },
  { key: 'advisories', href: '/advisories', who: ['member', 'coordinator'] },
  { key: 'days', href: '/days', who: ['member', 'coordinator'] },
  { key: 'sensors', href: '/sensors', who: ['member', 'coordinator', 'operator'] },
  { key: 'members', href: '/members', who: ['coordinator'] },
  { key: 'people', href: '/people', who: ['member'] },
  { key: 'inventory', href: '/inventory', who: ['member', 'coordinator'], more: 'response', daily: 'member' },
  { key: 'blocklists', href: '/blocklists', who: ['member', 'coordinator'] },
  { key: 'contacts', href: '/contacts', who: ['member', 'coordinator'] },
  { key: 'duty', href: '/duty', who: ['member', 'coordinator'] },
  { key: 'oncall', href: '/oncall', who: ['coordinator'], more: 'response' },
  { key: 'rollcalls', href: '/rollcalls', who: ['member', 'coordinator'], more: 'response' },
  { key: 'matches', href: '/matches', who: ['member', 'coordinator'], more: 'response' },
  { key: 'exercises', href: '/exercises', who: ['coordinator'], more: 'response' },
  { key: 'suppressed', href: '/suppressed', who: ['member', 'coordinator'], more: 'response' },
  { key: 'tests', href: '/announced-tests', who: ['member', 'coordinator'], more: 'response' },
  { key: 'rules', href: '/rules', who: ['coordinator'], more: 'response' },
  { key: 'deliveries', href: '/deliveries', who: ['coordinator'], more: 'response' },
  { key: 'search', href: '/search', who: ['member', 'coordinator'], more: 'response' },
  { key: 'groups', href: '/groups', who: ['member', 'coordinator'], more: 'community' },
  { key: 'memorandum', href: '/memorandum', who: ['member', 'coordinator'], more: 'community' },
  { key: 'joining', href: '/joining', who: ['member', 'coordinator'], more: 'community' },
  { key: 'trainings', href: '/trainings', who: ['member', 'coordinator'], more: 'community' },
  { key: 'applications', href: '/applications', who: ['representative', 'coordinator'], more: 'community' },
  { key: 'sharing', href: '/sharing-rules', who: ['member', 'coordinator'], more: 'community' },
  { key: 'site', href: '/site', who: ['coordinator'], more: 'community' },
  { key: 'account', href: '/account', who: ['member', 'coordinator', 'operator'], more: 'care' },
  { key: 'addresses', href: '/addresses', who: ['member', 'coordinator'], more: 'care' },
  { key: 'keys', href: '/keys', who: ['representative', 'coordinator'], more: 'care' },
  { key: 'webhooks', href: '/webhooks', who: ['keeper'], more: 'care' },
  { key: 'doubles', href: '/people/doubles', who: ['coordinator'], more: 'care' },
  { key: 'privacy', href: '/processing', who: ['dpo', 'coordinator', 'operator'], more: 'care' },
  { key: 'trail', href: '/trail', who: ['member', 'coordinator', 'operator'], more: 'care' },
]

/** A person may be several kinds of reader at once. */
function readersIn(actor: Actor): Reader[] {
  return [
    ...(organisationsOf(actor).length > 0 ? (['member'] as const) : []),
    ...(actor.engagements.some((e) => e.role === 'representative') ? (['representative'] as const) : []),
    ...(actor.engagements.some((e) => e.role === 'admin' || e.role === 'security_manager')
      ? (['keeper'] as const)
      : []),
    ...(actor.engagements.some((e) => e.role === 'dpo') ? (['dpo'] as const) : []),
    ...(isCoordinator(actor) ? (['coordinator'] as const) : []),
    ...(isOperator(actor) ? (['operator'] as const) : []),
  ]
}

export function navOf(actor: Actor, t: T): NonNullable<Frame['nav']> {
  const readers = readersIn(actor)
  return places
    .filter((place) => place.key === 'account' || place.who.some((who) => readers.includes(who)))
    .map(({ key, href, more, daily }) => ({
      key,
      href,
      label: t(`nav.${key}`),
      ...(more && !(daily && readers.includes(daily)) ? { more } : {}),
    }))
}

function themeOf(cookie: string | undefined): Frame['theme'] {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto'
}

/** Calls that wait for the reader's answer, and break-glass access to know of, which its holder can end from any page. */
const bannersOf = ({ calls, glass, t }: FastifyRequest, zone: string): NonNullable<Frame['banners']> => [
  ...calls,
  ...glass.map(({ kind, id, organisation, person, endsAt }) => ({
    title: t('glass.banner'),
    text: t(`glass.banner.${kind}`, { organisation, person, ends: clock(endsAt, t, zone) }),
    href: `/trail/glass/${id}`,
    see: t('glass.banner.see'),
    ...(kind === 'own' ? { end: { action: `/trail/glass/${id}/end`, label: t('glass.banner.end') } } : {}),
  })),
]

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
  // Who has yet to prove more can go nowhere else.
  if (session.reach !== 'full') return { ...frame, csrf: session.csrf }
  const organisations = organisationsOf(actor)
  return {
    ...frame,
    actor: { name: actor.name, organisations, roles: [...new Set(actor.engagements.map((e) => e.role))] },
    nav: navOf(actor, t),
    csrf: session.csrf,
    ...(request.glass.length + request.calls.length > 0 ? { banners: bannersOf(request, frame.zone) } : {}),
    ...(organisations.length === 1 ? { organisation: organisations[0]?.name } : {}),
  }
}
