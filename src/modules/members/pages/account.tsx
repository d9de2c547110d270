import type { ComponentChildren } from 'preact'
import type { Actor, Engagement } from '../../../platform/access.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Provider } from '../../../platform/providers.ts'
import {
  Actions,
  Button,
  Chip,
  Facts,
  Field,
  Form,
  html,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { OwnSession, Wishes } from '../account.ts'
import { deviceOf } from '../device.ts'
import type { OwnLink } from '../federation/links.ts'
import { LinksSection } from './providers.tsx'

export const accountDone = ['saved', 'ended', 'ended-one', 'linked', 'unlinked'] as const

export interface AccountProps {
  frame: Frame
  actor: Actor
  wishes: Wishes
  sessions: OwnSession[]
  /** What another module says after the wishes. */
  more?: ComponentChildren
  /** Who besides us may say who somebody is, and where the person is known there. */
  providers: Provider[]
  links: OwnLink[]
  /** What another module says at the end. */
  end?: ComponentChildren
  done?: (typeof accountDone)[number]
}

export function accountPage(props: AccountProps): string {
  const { frame, done } = props
  const { t } = frame
  return html(
    <Page {...frame} flash={done ? { kind: 'done', text: t(`members.account.done.${done}`) } : undefined}>
      <Who {...props} />
      <WishesForm {...props} />
      {props.more}
      <Sessions {...props} />
      <Section title={t('members.account.means')} lead={t('members.account.means.how')}>
        <Actions>
          <Button href="/account/means">{t('members.account.means.open')}</Button>
          {props.actor.engagements.some((e) => e.role !== 'operator') && (
            <Button href="/recoveries">{t('members.account.recoveries')}</Button>
          )}
        </Actions>
      </Section>
      <LinksSection {...props} />
      <Section title={t('members.account.password')} lead={t('members.account.password.how')}>
        <Actions>
          <Button href="/forgotten-password">{t('members.account.password.ask')}</Button>
        </Actions>
      </Section>
      {props.end}
    </Page>,
  )
}

function Who({ frame: { t }, actor }: AccountProps) {
  const own = actor.engagements.filter((one) => one.through == null)
  const places = Map.groupBy(own, (one) => one.org)
  return (
    <Section title={t('members.account.who')}>
      <Facts
        facts={[
          { label: t('members.account.name'), value: actor.name },
          { label: t('members.account.email'), value: actor.email },
          ...[...places].map(([org, held]) => ({
            label: held[0]?.orgName ?? t('members.account.roles'),
            value: org === null ? rolesIn(held, t) : <a href={`/members/${org}`}>{rolesIn(held, t)}</a>,
          })),
        ]}
      />
      {places.size === 0 && <p>{t('members.account.none')}</p>}
    </Section>
  )
}

const rolesIn = (held: Engagement[], t: T): string => t.list(held.map(({ role }) => t(`ui.role.${role}`)))

function WishesForm({ frame: { t, csrf }, wishes }: AccountProps) {
  return (
    <Section title={t('members.account.wishes')}>
      <div class="narrow">
        <Form action="/account" csrf={csrf} noTurbo>
          <Field
            label={t('members.account.language')}
            name="language"
            type="select"
            value={wishes.language}
            options={[
              { value: 'cs', label: 'Čeština' },
              { value: 'en', label: 'English' },
            ]}
          />
          <Field
            label={t('members.account.digest')}
            name="digest"
            type="select"
            value={wishes.digest}
            hint={t('members.account.digest.hint')}
            options={(['daily', 'weekly'] as const).map((value) => ({
              value,
              label: t(`members.account.digest.${value}`),
            }))}
          />
          <Actions>
            <Button kind="primary">{t('members.account.save')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

function Sessions({ frame: { t, csrf, now, zone }, sessions }: AccountProps) {
  return (
    <Section title={t('members.account.sessions')} lead={t('members.account.sessions.lead')}>
      <Table
        caption={t('members.account.sessions')}
        captionHidden
        walkable={false}
        rows={sessions}
        rowKey={(row) => row.name}
        columns={[
          {
            key: 'device',
            label: t('members.account.sessions.device'),
            main: true,
            cell: (row) => (
              <>
                {deviceOf(row.agent, t)}{' '}
                {row.current && <Chip yours>{t('members.account.sessions.current')}</Chip>}
                {row.isHalf && <Chip>{t('members.account.sessions.half')}</Chip>}
              </>
            ),
          },
          {
            key: 'address',
            label: t('members.account.sessions.address'),
            cell: (row) => (
              <>
                <code class="address">{row.address}</code> {row.place}
              </>
            ),
          },
          {
            key: 'began',
            label: t('members.account.sessions.began'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.began} now={now} zone={zone} as="short" />,
          },
          {
            key: 'seen',
            label: t('members.account.sessions.seen'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.seen} now={now} zone={zone} />,
          },
          {
            key: 'end',
            label: t('members.account.sessions.one'),
            cell: (row) =>
              !row.current && (
                <Form action="/account/sessions/end" csrf={csrf} hidden={{ session: row.name }} noTurbo>
                  <Button>{t('members.account.sessions.one')}</Button>
                </Form>
              ),
          },
        ]}
      />
      {sessions.length > 1 ? (
        <Form action="/account/other-sessions/end" csrf={csrf} noTurbo>
          <Button kind="danger" consequence={t('members.account.sessions.end.effect')}>
            {t('members.account.sessions.end')}
          </Button>
        </Form>
      ) : (
        <p class="muted">{t('members.account.sessions.only')}</p>
      )}
    </Section>
  )
}
