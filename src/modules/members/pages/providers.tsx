/** What people see of signing in by their organisation's own account. */
import type { ComponentChildren } from 'preact'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Provider } from '../../../platform/providers.ts'
import { Actions, Button, Facts, Form, html, Notice, Page, Section, Table, Time } from '../../../ui/index.ts'
import type { OwnLink } from '../federation/links.ts'
import { type Problem, Wait } from './problem.tsx'

/** Turbo would fetch the provider's pages as if they were ours: these links are for the browser itself. */
const leading = { 'data-turbo': 'false' } as const

const startOf = (provider: Provider, back: string): string =>
  `/sign-in/with?${new URLSearchParams({ provider: provider.id, ...(back === '/' ? {} : { back }) })}`

export function ProviderButtons({ t, providers, back }: { t: T; providers: Provider[]; back: string }) {
  if (providers.length === 0) return null
  return (
    <div {...leading}>
      <p class="muted">{t('providers.or')}</p>
      <Actions>
        {providers.map((provider) => (
          <Button key={provider.id} href={startOf(provider, back)}>
            {t('providers.signIn', { name: provider.name[t.lang] })}
          </Button>
        ))}
      </Actions>
    </div>
  )
}

export interface Farewell {
  name: string
  url: string
}

export function FarewellNotice({ t, name, url }: Farewell & { t: T }) {
  return (
    <Notice
      actions={
        <div {...leading}>
          <Button href={url}>{t('providers.farewell.go', { name })}</Button>
        </div>
      }
    >
      {t('providers.farewell', { name })}
    </Notice>
  )
}

export type ProviderProblem =
  | ('unknown' | 'away' | 'lost' | 'over' | 'used' | 'denied' | 'provider')
  | ('unlinked' | 'beyond' | 'groups' | 'shut' | 'session' | 'weak')

export interface ProviderProblemProps {
  frame: Frame
  problem: ProviderProblem | Extract<Problem, { kind: 'wait' }>
  /** Empty where the provider is not known. */
  name: string
  /** Where to try again, or another way. */
  to: string
}

/** Why a sign-in by a provider led nowhere, and what to do instead. */
export function providerProblemPage({ frame, problem, name, to }: ProviderProblemProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      {typeof problem === 'object' ? (
        <Wait t={t} ms={problem.ms} />
      ) : (
        <Notice kind="wrong" title={t(`providers.problem.${problem}.title`, { name })}>
          <p>{t(`providers.problem.${problem}`, { name })}</p>
        </Notice>
      )}
      <Actions>
        <Button kind="primary" href={to}>
          {t(to === '/account' ? 'providers.account' : 'providers.otherWay')}
        </Button>
      </Actions>
    </Page>,
  )
}

/** In a window of its own, so that what was typed waits in this one. */
export function AgainThere({ t, children }: { t: T; children: ComponentChildren }) {
  return (
    <>
      <p>
        <a href="/account/providers/again" target="_blank" rel="noopener" {...leading}>
          {t('providers.again.go')}
        </a>
      </p>
      <form action="/sign-in/again" method="post" class="form" {...leading}>
        {children}
        <Actions>
          <Button kind="primary" name="_again_there" value="1">
            {t('providers.again.done')}
          </Button>
        </Actions>
      </form>
      <p class="muted">{t('providers.again.or')}</p>
    </>
  )
}

/** What that window says in the end. */
export function confirmedPage(frame: Frame): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Notice kind="done">{t('providers.again.confirmed')}</Notice>
    </Page>,
  )
}

export interface LinkProps {
  frame: Frame
  provider: Provider
  /** The person's own here. */
  email: string
  said: { email: string | null; name: string | null; subject: string }
  offer: string
}

/** Both accounts side by side, before they become one way in. */
export function linkPage({ frame, provider, email, said, offer }: LinkProps): string {
  const { t, csrf } = frame
  const name = provider.name[t.lang]
  return html(
    <Page {...frame} lead={t('providers.link.lead', { name })}>
      <Facts
        facts={[
          { label: t('providers.link.here'), value: email },
          { label: name, value: [said.name, said.email ?? said.subject].filter(Boolean).join(', ') },
        ]}
      />
      <Form action="/account/providers" csrf={csrf} hidden={{ offer }} noTurbo>
        <Actions>
          <Button kind="primary" consequence={t('providers.link.effect', { name })}>
            {t('providers.link.do')}
          </Button>
          <a href="/account">{t('providers.link.not')}</a>
        </Actions>
      </Form>
    </Page>,
  )
}

interface LinksProps {
  frame: Frame
  providers: Provider[]
  links: OwnLink[]
}

/** Nothing where the installation knows no provider and the person has no link from before. */
export function LinksSection({ frame, providers, links }: LinksProps) {
  const { t } = frame
  if (providers.length + links.length === 0) return null
  const free = providers.filter(
    ({ id, issuer }) => !links.some((one) => one.provider === id || one.issuer === issuer),
  )
  return (
    <Section title={t('providers.links')} lead={t('providers.links.lead')}>
      {links.length === 0 ? (
        <p>{t('providers.links.none')}</p>
      ) : (
        <LinksTable {...{ frame, providers, links }} />
      )}
      {free.length > 0 && (
        <div {...leading}>
          <Actions>
            {free.map(({ id, name }) => (
              <Button key={id} href={`/account/providers/new?provider=${id}`}>
                {t('providers.links.add', { name: name[t.lang] })}
              </Button>
            ))}
          </Actions>
        </div>
      )}
      {links.length > 0 && <p class="muted">{t('providers.links.effect')}</p>}
    </Section>
  )
}

function LinksTable({ frame: { t, csrf, now, zone }, providers, links }: LinksProps) {
  const nameOf = (id: string): string => providers.find((one) => one.id === id)?.name[t.lang] ?? id
  return (
    <Table
      caption={t('providers.links')}
      captionHidden
      walkable={false}
      rows={links}
      rowKey={(row) => row.issuer}
      columns={[
        {
          key: 'provider',
          label: t('providers.links.provider'),
          main: true,
          cell: (row) => nameOf(row.provider),
        },
        {
          key: 'email',
          label: t('providers.links.email'),
          cell: (row) => row.email ?? t('providers.links.noEmail'),
        },
        {
          key: 'linked',
          label: t('providers.links.linked'),
          kind: 'time',
          cell: (row) => <Time t={t} at={row.linked} now={now} zone={zone} />,
        },
        {
          key: 'used',
          label: t('providers.links.used'),
          kind: 'time',
          cell: (row) =>
            row.used === null ? (
              t('providers.links.never')
            ) : (
              <Time t={t} at={row.used} now={now} zone={zone} />
            ),
        },
        {
          key: 'end',
          label: t('providers.links.end'),
          cell: (row) => (
            <Form action="/account/providers/removal" csrf={csrf} hidden={{ issuer: row.issuer }} noTurbo>
              <Button>{t('providers.links.end')}</Button>
            </Form>
          ),
        },
      ]}
    />
  )
}
