/** The top of a page: name, search, the person, the way around. */
import type { T } from '../../platform/i18n.ts'
import { Preferences } from './preferences.tsx'
import type { NavItem, PageActor, PageProps } from './props.ts'

/** The name with its mark: a perimeter, and something at its gate. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 32 32" aria-hidden="true" class="wordmark-mark">
        <path d="M24.6 8.3A11.5 11.5 0 1 0 27.3 14" class="wordmark-ring" />
        <circle cx="16" cy="16" r="4.5" class="wordmark-core" />
        <circle cx="28" cy="6.5" r="2.5" class="wordmark-guest" />
      </svg>
      hSOC
    </span>
  )
}

export function Header(props: PageProps) {
  const { t, actor, nav = [] } = props
  return (
    <header class="top">
      <div class="top-line">
        <a href="/" class="home" aria-label={t('ui.home')}>
          <Wordmark />
        </a>
        {nav.length > 0 && (
          <button type="button" class="button menu-button" popovertarget="nav">
            {t('ui.menu')}
          </button>
        )}
        {actor && <Search t={t} query={props.query} />}
        {actor ? <Account {...props} actor={actor} /> : <Preferences {...props} />}
      </div>
      {nav.length > 0 && <Nav t={t} nav={nav} active={props.active} />}
    </header>
  )
}

interface NavProps {
  t: T
  nav: NavItem[]
  active?: string
}

/** What is used seldom stands behind "More", but for the place we are in. */
function Nav({ t, nav, active }: NavProps) {
  const seldom = nav.filter((item) => item.more && item.key !== active)
  return (
    <nav class="nav" id="nav" popover="auto" aria-label={t('ui.nav')}>
      <ul>
        <NavItems t={t} nav={nav.filter((item) => !seldom.includes(item))} active={active} />
        {seldom.length > 0 && (
          <li>
            <details class="nav-more">
              <summary>{t('ui.nav.more')}</summary>
              <div>
                {(['response', 'community', 'care'] as const).map((part) => (
                  <NavPart key={part} t={t} part={part} nav={seldom} />
                ))}
              </div>
            </details>
          </li>
        )}
      </ul>
    </nav>
  )
}

function NavPart({ t, nav, part }: NavProps & { part: NonNullable<NavItem['more']> }) {
  const places = nav.filter(({ more }) => more === part)
  if (places.length === 0) return null
  return (
    <div>
      <p class="nav-part" id={`nav-${part}`}>
        {t(`ui.nav.${part}`)}
      </p>
      <ul aria-labelledby={`nav-${part}`}>
        <NavItems t={t} nav={places} />
      </ul>
    </div>
  )
}

const NavItems = ({ t, nav, active }: NavProps) => (
  <>
    {nav.map((item) => (
      <li key={item.key}>
        <a href={item.href} aria-current={item.key === active ? 'page' : undefined}>
          {item.label}
          {item.count ? <span class="count">{t.number(item.count)}</span> : null}
        </a>
      </li>
    ))}
  </>
)

export function WallHeader({ t, title }: PageProps) {
  return (
    <header class="top top-wall">
      <a href="/" class="home" aria-label={t('ui.home')}>
        <Wordmark />
      </a>
      <span class="visually-hidden">{title}</span>
    </header>
  )
}

function Search({ t, query }: { t: T; query?: string }) {
  return (
    <search class="search">
      <form action="/search" method="get">
        <label class="visually-hidden" for="search">
          {t('ui.search.label')}
        </label>
        <input id="search" type="search" name="q" value={query} placeholder={t('ui.search.placeholder')} />
        <span class="search-key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  )
}

function Account(props: PageProps & { actor: PageActor }) {
  const { t, actor } = props
  const [only] = actor.organisations
  const where =
    actor.organisations.length === 1
      ? only?.name
      : t('ui.account.organisations', { n: actor.organisations.length })
  return (
    <details class="account">
      <summary>
        <span class="account-name">{actor.name}</span>
        {actor.organisations.length > 0 && <span class="account-where">{where}</span>}
      </summary>
      <div class="account-panel">
        <p class="account-roles">
          {t.list(actor.roles.map((role) => (t.has(`ui.role.${role}`) ? t(`ui.role.${role}`) : role)))}
        </p>
        {actor.organisations.length > 1 && (
          <ul>
            {actor.organisations.map((organisation) => (
              <li key={organisation.id}>{organisation.name}</li>
            ))}
          </ul>
        )}
        <a href="/account" aria-current={props.active === 'account' ? 'page' : undefined}>
          {t('nav.account')}
        </a>
        <Preferences {...props} />
        <form action="/sign-out" method="post" data-turbo="false">
          <input type="hidden" name="_csrf" value={props.csrf} />
          <button type="submit" class="button">
            {t('ui.account.signOut')}
          </button>
        </form>
      </div>
    </details>
  )
}
