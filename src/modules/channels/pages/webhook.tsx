/** One webhook: whether it works, what went to it lately and how that was answered, and what can be done with it. */
import { exact } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  CodeBlock,
  EmptyState,
  Facts,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { HookDelivery, Webhook } from '../webhooks/webhooks.ts'
import { type hooksDone, stateOf } from './webhooks.tsx'

interface Props {
  frame: Frame
  hook: Webhook
  last: HookDelivery[]
  done?: (typeof hooksDone)[number]
}

export function hookPage({ frame, hook, last, done }: Props): string {
  const { t, zone, now } = frame
  const off = hook.disabledAt !== null
  return html(
    <Page
      {...frame}
      head={<h1>{hook.name}</h1>}
      flash={done ? { kind: 'done', text: t(`webhooks.done.${done}`) } : undefined}
    >
      {off && (
        <Notice kind="wrong" title={t('webhooks.is.off')}>
          <p>{t(`webhooks.why.${hook.disabledWhy ?? 'hand'}`)}</p>
        </Notice>
      )}
      <Facts
        facts={[
          { label: t('webhooks.state'), value: t(`webhooks.is.${stateOf(hook)}`) },
          { label: t('webhooks.org'), value: hook.orgName },
          { label: t('webhooks.host'), value: <code class="address">{hook.host}</code> },
          { label: t('webhooks.form'), value: t(`webhooks.form.${hook.form}`) },
          {
            label: t('webhooks.events'),
            value: `${t.list(hook.events.map((one) => t(`webhooks.news.${one}`)))}, ${t(`ways.least.${hook.least}`)}`,
          },
          { label: t('webhooks.made.at'), value: `${exact(hook.madeAt, t, zone)} ${hook.madeBy ?? ''}` },
          hook.earlierUntil !== null &&
            hook.earlierUntil > now && {
              label: t('webhooks.earlier'),
              value: exact(hook.earlierUntil, t, zone),
            },
        ]}
      />
      <Deeds frame={frame} hook={hook} />
      <Section title={t('webhooks.last')} id="last" lead={t('webhooks.last.lead')}>
        <Last frame={frame} last={last} />
      </Section>
    </Page>,
  )
}

function Deeds({ frame: { t, csrf }, hook }: { frame: Frame; hook: Webhook }) {
  const off = hook.disabledAt !== null
  const to = (noun: string) => `/webhooks/${hook.id}/${noun}`
  return (
    <Actions>
      {off ? (
        <Form action={to('restoration')} csrf={csrf} noTurbo>
          <Button kind="primary">{t('webhooks.restore')}</Button>
        </Form>
      ) : (
        <>
          <Form action={to('trial')} csrf={csrf} noTurbo>
            <Button kind="primary">{t('webhooks.try')}</Button>
          </Form>
          <Form action={to('rest')} csrf={csrf} noTurbo>
            <Button>{t('webhooks.rest')}</Button>
          </Form>
        </>
      )}
      <Form action={to('secret')} csrf={csrf} noTurbo>
        <Button consequence={t('webhooks.renew.effect')}>{t('webhooks.renew')}</Button>
      </Form>
      <Form action={to('removal')} csrf={csrf} noTurbo>
        <Button kind="danger">{t('webhooks.remove')}</Button>
      </Form>
    </Actions>
  )
}

function Last({ frame: { t, now, zone }, last }: { frame: Frame; last: HookDelivery[] }) {
  return (
    <Table<HookDelivery>
      caption={t('webhooks.last')}
      captionHidden
      walkable={false}
      rows={last}
      rowKey={(row) => row.id}
      empty={<EmptyState title={t('webhooks.last.none')} />}
      columns={[
        {
          key: 'at',
          label: t('webhooks.last.at'),
          kind: 'time',
          cell: (row) => <Time t={t} at={row.at} now={now} zone={zone} as="short" />,
        },
        {
          key: 'what',
          label: t('webhooks.last.what'),
          main: true,
          cell: (row) =>
            row.kind === 'account'
              ? t('webhooks.event.test')
              : `${row.number ?? ''} ${t(`mails.kindName.${row.kind}`)}`,
        },
        {
          key: 'state',
          label: t('webhooks.state'),
          cell: (row) => (
            <>
              {t(`mails.state.${row.state}`)}
              {row.attempts > 1 && <> · {t('webhooks.tries', { n: row.attempts })}</>}
              {row.reason && t.has(`mails.reason.${row.reason}`) && (
                <div class="muted">{t(`mails.reason.${row.reason}`)}</div>
              )}
            </>
          ),
        },
        { key: 'reply', label: t('webhooks.reply'), cell: (row) => row.reply ?? '–' },
      ]}
    />
  )
}

interface SecretProps {
  frame: Frame
  id: number
  name: string
  secret: string
}

/** The page that shows a secret, this once. */
export function secretPage({ frame, id, name, secret }: SecretProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={name}>
      <Notice kind="careful" title={t('webhooks.once')}>
        <p>{t('webhooks.once.how')}</p>
      </Notice>
      <CodeBlock t={t} label={t('webhooks.secret')} text={secret} />
      <Actions>
        <Button href={`/webhooks/${id}`} kind="primary">
          {t('webhooks.go')}
        </Button>
      </Actions>
    </Page>,
  )
}
