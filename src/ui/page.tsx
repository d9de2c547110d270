/** The frame of every page. Works without script; with it Turbo swaps the body and keeps the frame. */
import type { ComponentChildren } from 'preact'
import { exact, homeZone } from '../platform/dates.ts'
import { langs, type T } from '../platform/i18n.ts'
import { asset } from './assets.ts'
import { classes } from './html.ts'
import { type Tlp, TlpChip } from './parts/badges.tsx'
import { Notice, type NoticeKind } from './parts/section.tsx'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export interface NavItem {
  key: string
  href: string
  label: string
  /** Waiting for an answer, shown beside the label. */
  count?: number
}

export interface PageActor {
  name: string
  organisations: { id: number | string; name: string }[]
  /** Role names as in the register; shown in words. */
  roles: string[]
}

export interface Flash {
  kind?: NoticeKind
  text: string
  /** A way back: "Undo". */
  undo?: { action: string; label: string }
}

export interface PageProps {
  t: T
  /** Of the document and, unless `head` is given, of the page. */
  title: string
  /** Signed-out pages leave it out. */
  actor?: PageActor
  nav?: NavItem[]
  /** Key of the nav item we are in. */
  active?: string
  /** Path with query of this page, to which the language and theme switches return. */
  path: string
  csrf?: string
  /** Of the Content-Security-Policy of this answer. */
  nonce: string
  theme?: Theme
  now: number
  zone?: string
  children?: ComponentChildren
  /** Replaces the default `<h1>`; must contain one. */
  head?: ComponentChildren
  /** Sentence under the title. */
  lead?: ComponentChildren
  /** A short form in the middle: sign-in, an answer from a mail. */
  narrow?: boolean
  /** Narrow column of context. */
  side?: ComponentChildren
  flash?: Flash
  /** Name of the exercise this page belongs to. */
  exercise?: string
  /** For a wall screen: no navigation, dark unless chosen otherwise, large type. */
  wall?: boolean
  /** Printed in the page's head. */
  tlp?: Tlp
  /** Whose page it is, printed in the head; the actor's only organisation by default. */
  organisation?: string
  /** What the search field holds. */
  query?: string
}

export function Page(props: PageProps) {
  const { t, actor, wall } = props
  const theme = props.theme ?? 'auto'
  return (
    <html
      lang={t.lang}
      data-theme={wall && theme === 'auto' ? 'dark' : theme}
      class={wall ? 'wall' : undefined}
    >
      <head>
        <meta charset="utf-8" />
        <title>{`${props.title} · hSOC`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="csp-nonce" content={props.nonce} />
        <meta name="turbo-cache-control" content="no-preview" />
        <meta name="turbo-prefetch" content="false" />
        <meta name="referrer" content="same-origin" />
        <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={asset('app.css')} data-turbo-track="reload" />
        <script type="module" src={asset('app.js')} nonce={props.nonce} data-turbo-track="reload" />
      </head>
      <body data-now={props.now}>
        <a class="skip" href="#content">
          {t('ui.skip')}
        </a>
        {props.exercise && (
          <section class="exercise" aria-label="CVIČENÍ / EXERCISE">
            <p>
              <strong>CVIČENÍ / EXERCISE</strong> {props.exercise}
            </p>
          </section>
        )}
        <p class="lost" id="lost" role="status" data-text={t('ui.lost')} />
        {wall ? <WallHeader {...props} /> : <Header {...props} />}
        <PrintHead {...props} />
        <main
          id="content"
          tabIndex={-1}
          class={classes('content', Boolean(props.side) && 'with-side', props.narrow && 'content-narrow')}
        >
          <div class="column">
            {props.flash && <FlashNotice flash={props.flash} csrf={props.csrf} />}
            {props.head ?? <h1>{props.title}</h1>}
            {props.lead && <p class="page-lead">{props.lead}</p>}
            {props.children}
          </div>
          {props.side && <aside class="side">{props.side}</aside>}
        </main>
        {!wall && <Footer {...props} />}
        <Words t={t} />
        {actor && <KeyboardHelp t={t} />}
      </body>
    </html>
  )
}

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

function Header(props: PageProps) {
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
      {nav.length > 0 && (
        <nav class="nav" id="nav" popover="auto" aria-label={t('ui.nav')}>
          <ul>
            {nav.map((item) => (
              <li key={item.key}>
                <a href={item.href} aria-current={item.key === props.active ? 'page' : undefined}>
                  {item.label}
                  {item.count ? <span class="count">{t.number(item.count)}</span> : null}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  )
}

function WallHeader({ t, title }: PageProps) {
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

/** Language and theme: one form, each button a choice, kept in a cookie by POST /preferences. */
function Preferences({ t, path, csrf, theme = 'auto' }: PageProps) {
  return (
    <form action="/preferences" method="post" class="preferences" data-turbo="false" data-preferences="">
      {csrf && <input type="hidden" name="_csrf" value={csrf} />}
      <input type="hidden" name="back" value={path} />
      <fieldset>
        <legend>{t('ui.language')}</legend>
        {langs.map((lang) => (
          <button
            key={lang}
            type="submit"
            name="lang"
            value={lang}
            lang={lang}
            aria-pressed={lang === t.lang}
          >
            {languageNames[lang]}
          </button>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('ui.theme.label')}</legend>
        {themes.map((choice) => (
          <button key={choice} type="submit" name="theme" value={choice} aria-pressed={choice === theme}>
            {t(`ui.theme.${choice}`)}
          </button>
        ))}
      </fieldset>
    </form>
  )
}

const languageNames = { cs: 'Čeština', en: 'English' } as const

function FlashNotice({ flash, csrf }: { flash: Flash; csrf?: string }) {
  const undo = flash.undo && (
    <form action={flash.undo.action} method="post">
      <input type="hidden" name="_csrf" value={csrf} />
      <button type="submit" class="button">
        {flash.undo.label}
      </button>
    </form>
  )
  return (
    <Notice kind={flash.kind ?? 'done'} actions={undo}>
      <p>{flash.text}</p>
    </Notice>
  )
}

/** Only on paper: whose page, of when, and how far it may be shared. */
function PrintHead({ t, organisation, actor, tlp, now, zone = homeZone }: PageProps) {
  const whose = organisation ?? (actor?.organisations.length === 1 ? actor.organisations[0]?.name : undefined)
  return (
    <div class="print-head" aria-hidden="true">
      <Wordmark />
      {whose && <span>{whose}</span>}
      <span>{t('ui.printed', { when: exact(now, t, zone) })}</span>
      {tlp && <TlpChip t={t} tlp={tlp} />}
    </div>
  )
}

function Footer({ t, actor }: PageProps) {
  return (
    <footer class="bottom">
      <p>{t('ui.footer.what')}</p>
      <ul>
        {actor && (
          <li>
            <button type="button" class="link" data-help="" hidden>
              {t('ui.keyboard.title')}
            </button>
          </li>
        )}
        <li>
          <a href="/api">{t('ui.footer.api')}</a>
        </li>
      </ul>
    </footer>
  )
}

/** Words the browser's scripts need, in the reader's language; plural forms by name, the number left open. */
function Words({ t }: { t: T }) {
  return (
    <>
      <div
        id="words"
        hidden
        data-new-one={t('ui.new.one', { count: '{n}' })}
        data-new-few={t('ui.new.few', { count: '{n}' })}
        data-new-other={t('ui.new.other', { count: '{n}' })}
        data-new-some={t('ui.new.some')}
      />
      <p id="announce" class="visually-hidden" role="status" />
    </>
  )
}

function KeyboardHelp({ t }: { t: T }) {
  const keys = [
    ['/', 'search'],
    ['j k', 'walk'],
    ['Enter', 'open'],
    ['?', 'help'],
    ['Esc', 'close'],
  ] as const
  return (
    <dialog id="keyboard" class="dialog" aria-labelledby="keyboard-title">
      <h2 id="keyboard-title">{t('ui.keyboard.title')}</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`ui.keyboard.${what}`)}</dd>
          </div>
        ))}
      </dl>
      <div class="field field-check">
        <input type="checkbox" id="keys" data-keys="" checked />
        <label for="keys">{t('ui.keyboard.on')}</label>
      </div>
      <form method="dialog">
        <button type="submit" class="button">
          {t('ui.close')}
        </button>
      </form>
    </dialog>
  )
}
