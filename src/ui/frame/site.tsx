/** Head and foot of the public web: plain links, for it has no script. */
import { Wordmark } from './header.tsx'
import { languageNames, ThemePreference } from './preferences.tsx'
import type { PageProps, SiteFrame } from './props.ts'

type SiteProps = PageProps & { site: SiteFrame }

export function SiteHeader(props: SiteProps) {
  const { t, site, nav = [] } = props
  return (
    <header class="top site-top">
      {site.demo && (
        <p class="site-demo">
          <strong>{site.demo}</strong>
        </p>
      )}
      <div class="top-line">
        <a href={site.home} class="home" aria-label={t('ui.home')}>
          <Wordmark />
        </a>
        <div class="site-ways">
          <a href={site.other.href} hreflang={site.other.lang} lang={site.other.lang}>
            {languageNames[site.other.lang]}
          </a>
          <a href={site.enter.href} class="site-enter">
            {site.enter.label}
          </a>
        </div>
      </div>
      {/* The rest of an unfolded list would push the page away on a phone; a disclosure needs no script. */}
      <details class="site-nav">
        <summary>{t('ui.menu')}</summary>
        <SiteNav {...props} nav={nav} label={t('ui.nav')} />
      </details>
      <div class="site-nav-wide">
        <SiteNav {...props} nav={nav} label={t('ui.nav')} />
      </div>
    </header>
  )
}

function SiteNav({ nav = [], active, label }: SiteProps & { label: string }) {
  return (
    <nav aria-label={label}>
      <ul>
        {nav.map((item) => (
          <li key={item.key}>
            <a href={item.href} aria-current={item.key === active ? 'page' : undefined}>
              {item.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function SiteFooter(props: SiteProps) {
  const { t, site } = props
  return (
    <footer class="bottom">
      <p>{t('ui.footer.what')}</p>
      <ul>
        {site.foot.map((link) => (
          <li key={link.href}>
            <a href={link.href}>{link.label}</a>
          </li>
        ))}
      </ul>
      <ThemePreference {...props} />
    </footer>
  )
}
