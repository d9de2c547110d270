/** Heartbeats with their age and state, and the address of one, shown once. */
import type { Frame } from '../../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  CodeBlock,
  EmptyState,
  Field,
  Form,
  html,
  Live,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../../ui/index.ts'
import { bounds, type Heartbeat, longestName } from '../../heartbeats/heartbeats.ts'

export interface GivenHeartbeat {
  name: string
  interval: string
  grace: string
}

interface Props {
  frame: Frame
  found: Heartbeat[]
  given: GivenHeartbeat
  errors: Record<string, string>
  done: boolean
}

export function heartbeatsPage({ frame, found, given, errors, done }: Props): string {
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('oncall.hearts.lead')}
      flash={done ? { kind: 'done', text: t('oncall.heart.ended') } : undefined}
    >
      <Live id="heartbeats" topic="warnings">
        {found.length === 0 ? (
          <EmptyState title={t('oncall.hearts.none')}>{t('oncall.hearts.none.what')}</EmptyState>
        ) : (
          <Beating frame={frame} found={found} />
        )}
      </Live>
      <Making frame={frame} given={given} errors={errors} />
      <p>
        <a href="/oncall">{t('oncall.heart.back')}</a>
      </p>
    </Page>,
  )
}

function Beating({ frame, found }: Pick<Props, 'frame' | 'found'>) {
  const { t, now, zone, csrf } = frame
  return (
    <Table<Heartbeat>
      caption={t('oncall.hearts')}
      captionHidden
      rows={found}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', label: t('oncall.heart.name'), main: true, cell: ({ name }) => name },
        {
          key: 'state',
          label: t('oncall.heart.state'),
          cell: ({ state }) => <Chip yours={state === 'well'}>{t(`oncall.heart.state.${state}`)}</Chip>,
        },
        {
          key: 'beat',
          label: t('oncall.heart.last'),
          kind: 'time',
          cell: ({ beatAt }) =>
            beatAt === null ? '–' : <Time t={t} at={beatAt} now={now} zone={zone} as="relative" />,
        },
        {
          key: 'every',
          label: t('oncall.heart.every'),
          cell: ({ interval, grace }) => t('oncall.heart.minutes', { interval, grace }),
        },
        {
          key: 'deeds',
          label: t('oncall.heart.deeds'),
          cell: ({ id }) => (
            <Actions>
              <Form action={`/oncall/heartbeats/${id}/renewal`} csrf={csrf} noTurbo>
                <Button kind="quiet">{t('oncall.heart.renew')}</Button>
              </Form>
              <Form action={`/oncall/heartbeats/${id}/end`} csrf={csrf}>
                <Button kind="quiet">{t('oncall.heart.end')}</Button>
              </Form>
            </Actions>
          ),
        },
      ]}
    />
  )
}

function Making({ frame, given, errors }: Pick<Props, 'frame' | 'given' | 'errors'>) {
  const { t, csrf } = frame
  const wrong = (field: string): string | undefined =>
    errors[field] === undefined ? undefined : t(`oncall.heart.wrong.${field}`)
  return (
    <Section title={t('oncall.heart.make')}>
      <Form action="/oncall/heartbeats" csrf={csrf} noTurbo>
        <Field
          label={t('oncall.heart.name')}
          name="name"
          required
          maxlength={longestName}
          value={given.name}
          hint={t('oncall.heart.name.hint')}
          error={wrong('name')}
        />
        <Field
          label={t('oncall.heart.interval')}
          name="interval"
          type="number"
          required
          min={bounds.interval.min}
          max={bounds.interval.max}
          value={given.interval}
          error={wrong('interval')}
        />
        <Field
          label={t('oncall.heart.grace')}
          name="grace"
          type="number"
          required
          min={bounds.grace.min}
          max={bounds.grace.max}
          value={given.grace}
          hint={t('oncall.heart.grace.hint')}
          error={wrong('grace')}
        />
        <Actions>
          <Button kind="primary">{t('oncall.heart.do')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}

/** The address, the one time that it is shown. */
export function heartbeatPage({ frame, address }: { frame: Frame; address: string }): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Notice kind="careful" title={t('oncall.heart.once')}>
        <CodeBlock t={t} text={address} label={t('oncall.heart.address')} />
      </Notice>
      <p>{t('oncall.heart.how')}</p>
      <CodeBlock t={t} text={`curl -fsS --retry 5 -X POST ${address}`} label="curl" />
      <p>
        <a href="/oncall/heartbeats">{t('oncall.hearts')}</a>
      </p>
    </Page>,
  )
}
