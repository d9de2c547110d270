/** The reader's calendar feeds: made, shown once, ended. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  CodeBlock,
  EmptyState,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Feed } from '../feeds.ts'
import type { DutyLine } from '../read.ts'

export interface FeedsProps {
  frame: Frame
  feeds: Feed[]
  duties: DutyLine[]
  /** Chosen already: the reader came from its page. */
  chosen: string
  done: boolean
}

export function feedsPage({ frame, feeds, duties, chosen, done }: FeedsProps): string {
  const { t, csrf } = frame
  const whose = [
    { value: '', label: t('duty.feed.own') },
    ...duties.map(({ id, name, orgName }) => ({
      value: String(id),
      label: `${name} · ${orgName ?? t('duty.coordinators')}`,
    })),
  ]
  return html(
    <Page
      {...frame}
      lead={t('duty.feed.lead')}
      flash={done ? { kind: 'done', text: t('duty.feed.ended') } : undefined}
    >
      <Section title={t('duty.feed.make')}>
        <Form action="/duty/feeds" csrf={csrf} noTurbo>
          <Field label={t('duty.feed.what')} name="duty" type="select" value={chosen} options={whose} />
          <Actions>
            <Button kind="primary">{t('duty.feed.do')}</Button>
          </Actions>
        </Form>
      </Section>
      <Section title={t('duty.feed.yours')}>
        {feeds.length === 0 ? (
          <EmptyState title={t('duty.feed.none')}>{t('duty.feed.none.what')}</EmptyState>
        ) : (
          <Feeds frame={frame} feeds={feeds} />
        )}
      </Section>
      <p>
        <a href="/duty">{t('duty.back')}</a>
      </p>
    </Page>,
  )
}

function Feeds({ frame, feeds }: Pick<FeedsProps, 'frame' | 'feeds'>) {
  const { t, now, zone, csrf } = frame
  return (
    <Table<Feed>
      caption={t('duty.feed.yours')}
      captionHidden
      rows={feeds}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'what',
          label: t('duty.feed.what'),
          main: true,
          cell: ({ duty, dutyName }) =>
            duty === null ? t('duty.feed.own') : (dutyName ?? t('duty.feed.gone')),
        },
        {
          key: 'made',
          label: t('duty.feed.made'),
          kind: 'time',
          cell: ({ madeAt }) => <Time t={t} at={madeAt} now={now} zone={zone} as="short" />,
        },
        {
          key: 'end',
          label: t('duty.feed.end'),
          cell: ({ id }) => (
            <Form action={`/duty/feeds/${id}/end`} csrf={csrf}>
              <Button kind="quiet">{t('duty.feed.end.do')}</Button>
            </Form>
          ),
        },
      ]}
    />
  )
}

/** The address, the one time that it is shown. */
export function feedMadePage({ frame, address }: { frame: Frame; address: string }): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Notice kind="careful" title={t('duty.feed.once')}>
        <CodeBlock t={t} text={address} label={t('duty.feed.address')} />
      </Notice>
      <p>{t('duty.feed.how')}</p>
      <p>
        <a href="/duty/feeds">{t('duty.feed.yours')}</a>
      </p>
    </Page>,
  )
}
