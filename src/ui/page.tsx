/** The frame of every page. Works without script; with it Turbo swaps the body and keeps the frame. */
import { asset } from './assets.ts'
import { Footer, KeyboardHelp, PrintHead, Words } from './frame/footer.tsx'
import { Header, WallHeader } from './frame/header.tsx'
import type { Banner, Flash, PageProps } from './frame/props.ts'
import { SiteFooter, SiteHeader } from './frame/site.tsx'
import { classes } from './html.ts'
import { Notice } from './parts/section.tsx'

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
        {!props.site && <ScriptMeta nonce={props.nonce} />}
        <meta name="referrer" content="same-origin" />
        <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={asset(props.site ? 'site.css' : 'app.css')} data-turbo-track="reload" />
        {props.site?.forms && <link rel="stylesheet" href={asset('site-forms.css')} />}
        {!props.site && (
          <script type="module" src={asset('app.js')} nonce={props.nonce} data-turbo-track="reload" />
        )}
        {props.meta}
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
        {!props.site &&
          props.banners?.map((banner) => <Loud key={banner.href} banner={banner} csrf={props.csrf} />)}
        {!props.site && (
          <p
            class="lost"
            id="lost"
            role="status"
            data-text={t('ui.lost')}
            data-out={t('ui.out')}
            data-enter={t('ui.enter')}
          />
        )}
        <Top {...props} />
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
        {props.site ? <SiteFooter {...props} site={props.site} /> : !wall && <Footer {...props} />}
        {!props.site && <Words t={t} />}
        {actor && !props.site && <KeyboardHelp t={t} />}
      </body>
    </html>
  )
}

/** What Turbo reads; the public web has no script, and its pages are the same for every answer. */
const ScriptMeta = ({ nonce }: { nonce: string }) => (
  <>
    <meta name="csp-nonce" content={nonce} />
    <meta name="turbo-cache-control" content="no-preview" />
    <meta name="turbo-prefetch" content="false" />
  </>
)

function Top(props: PageProps) {
  if (props.site) return <SiteHeader {...props} site={props.site} />
  return props.wall ? <WallHeader {...props} /> : <Header {...props} />
}

const Loud = ({ banner, csrf }: { banner: Banner; csrf?: string }) => (
  <section class="exercise loud" aria-label={banner.title}>
    <p>
      <strong>{banner.title}</strong> {banner.text} <a href={banner.href}>{banner.see}</a>
    </p>
    {banner.end && (
      <form action={banner.end.action} method="post" data-turbo="false">
        <input type="hidden" name="_csrf" value={csrf} />
        <button type="submit" class="button">
          {banner.end.label}
        </button>
      </form>
    )}
  </section>
)

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
