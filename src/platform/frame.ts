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
  nav?: { key: string; href: string; label: string; more: boolean }[]
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

type Reader = 'member' | 'representative' | 'keeper' | 'dpo' | 'coordinator' | 'operator'

/** Where each kind of reader may go, in this order; the words are `nav.<key>`. What is used seldom stands behind "More". */
const places = [
  { key: 'home', href: '/', who: ['member', 'coordinator'] },
  { key: 'sector', href: '/sector', who: ['coordinator'] },
  { key: 'warnings', href: '/warnings', who: ['member', 'coordinator'] },
  { key: 'written', href: '/warnings/written', who: ['member', 'coordinator'] },
  { key: 'advisories', href: '/advisories', who: ['member', 'coordinator'] },
  { key: 'days', href: '/days', who: ['member', 'coordinator'] },
  { key: 'sensors', href: '/sensors', who: ['member', 'coordinator', 'operator'] },
  { key: 'members', href: '/members', who: ['coordinator'] },
  { key: 'people', href: '/people', who: ['member'] },
  { key: 'inventory', href: '/inventory', who: ['member', 'coordinator'] },
  { key: 'blocklists', href: '/blocklists', who: ['member', 'coordinator'] },
  { key: 'contacts', href: '/contacts', who: ['member', 'coordinator'] },
  { key: 'duty', href: '/duty', who: ['member', 'coordinator'] },
  { key: 'oncall', href: '/oncall', who: ['coordinator'], more: true },
  { key: 'account', href: '/account', who: ['member', 'coordinator', 'operator'] },
  { key: 'matches', href: '/matches', who: ['member', 'coordinator'], more: true },
  { key: 'rollcalls', href: '/rollcalls', who: ['member', 'coordinator'], more: true },
  { key: 'search', href: '/search', who: ['member', 'coordinator'], more: true },
  { key: 'groups', href: '/groups', who: ['member', 'coordinator'], more: true },
  { key: 'suppressed', href: '/suppressed', who: ['member', 'coordinator'], more: true },
  { key: 'tests', href: '/announced-tests', who: ['member', 'coordinator'], more: true },
  { key: 'rules', href: '/rules', who: ['coordinator'], more: true },
  { key: 'exercises', href: '/exercises', who: ['coordinator'], more: true },
  { key: 'deliveries', href: '/deliveries', who: ['coordinator'], more: true },
  { key: 'addresses', href: '/addresses', who: ['member', 'coordinator'], more: true },
  { key: 'memorandum', href: '/memorandum', who: ['member', 'coordinator'], more: true },
  { key: 'joining', href: '/joining', who: ['member', 'coordinator'], more: true },
  { key: 'trainings', href: '/trainings', who: ['member', 'coordinator'], more: true },
  { key: 'applications', href: '/applications', who: ['representative', 'coordinator'], more: true },
  { key: 'doubles', href: '/people/doubles', who: ['coordinator'], more: true },
  { key: 'sharing', href: '/sharing-rules', who: ['member', 'coordinator'], more: true },
  { key: 'trail', href: '/trail', who: ['member', 'coordinator', 'operator'], more: true },
  { key: 'privacy', href: '/processing', who: ['dpo', 'coordinator', 'operator'], more: true },
  { key: 'keys', href: '/keys', who: ['representative', 'coordinator'], more: true },
  { key: 'webhooks', href: '/webhooks', who: ['keeper'], more: true },
  { key: 'site', href: '/site', who: ['coordinator'], more: true },
] as const satisfies { key: string; href: string; who: Reader[]; more?: true }[]

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
    .map((place) => ({
      key: place.key,
      href: place.href,
      label: t(`nav.${place.key}`),
      more: 'more' in place,
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
