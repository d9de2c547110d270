/** The log of deliveries: who was written to, when the server took it and what it said, or why not. */
import type { FastifyRequest } from 'fastify'
import { exact } from '../../../platform/dates.ts'
import { type Frame, frameOf } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type DeliveryRow, kinds, states } from '../deliveries.ts'
import type { DeliveryQuery } from '../schema.ts'
import type { ShortReply } from '../sms/incoming.ts'
import type { Down } from '../ways/states.ts'
import { TakenAs } from './replies.tsx'

interface Props {
  request: FastifyRequest
  given: DeliveryQuery
  rows: DeliveryRow[]
  next: string | null
  total: number
  down: Down[]
  replies: ShortReply[]
}

export function deliveriesPage({ request, given, rows, next, total, down, replies }: Props): string {
  const { t } = request
  const frame = frameOf(request, { title: t('mails.log.title'), active: 'deliveries' })
  const filtered = Object.entries(given).some(([name, value]) => name !== 'after' && value !== undefined)
  return html(
    <Page {...frame} lead={t('mails.log.lead')}>
      {down.length > 0 && (
        <Notice kind="wrong" title={t('ways.down')}>
          {down.map(({ channel, since, said }) => (
            <p key={channel}>
              {t('ways.down.since', {
                name: t(`ways.name.${channel}`),
                when: exact(since, t, frame.zone),
                said,
              })}
            </p>
          ))}
        </Notice>
      )}
      <Actions>
        <Button href="/mail-addresses">{t('returns.open')}</Button>
        <Button href="/short-replies">{t('ways.replies.page')}</Button>
      </Actions>
      <Filters t={t} given={given} filtered={filtered} />
      <Table
        caption={t('mails.log.caption')}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns(t, frame.now, frame.zone)}
        empty={<EmptyState title={t(filtered ? 'mails.log.none' : 'mails.log.empty')} />}
      />
      <KeysetPager
        t={t}
        shown={rows.length}
        total={total}
        newer={given.after ? href({ ...given, after: undefined }) : undefined}
        older={next ? href({ ...given, after: next }) : undefined}
      />
      {replies.length > 0 && <Replies frame={frame} replies={replies} />}
    </Page>,
  )
}

function Replies({ frame, replies }: { frame: Frame; replies: ShortReply[] }) {
  const { t, now, zone } = frame
  return (
    <Section title={t('ways.replies')} id="replies" lead={t('ways.replies.lead')}>
      <Table
        caption={t('ways.replies')}
        captionHidden
        rows={replies}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'at',
            label: t('ways.reply.at'),
            kind: 'time' as const,
            cell: (row) => <Time t={t} at={row.at} now={now} zone={zone} as="short" />,
          },
          {
            key: 'from',
            label: t('ways.reply.from'),
            main: true,
            cell: (row) => (
              <>
                {row.person} <span class="muted">{row.sender}</span>
              </>
            ),
          },
          { key: 'text', label: t('ways.reply.text'), cell: (row) => row.text },
          {
            key: 'as',
            label: t('ways.reply.as'),
            cell: (row) => <TakenAs t={t} row={row} />,
          },
        ]}
      />
    </Section>
  )
}

function Filters({ t, given, filtered }: { t: T; given: DeliveryQuery; filtered: boolean }) {
  const all = { value: '', label: t('mails.log.all') }
  const options = (names: readonly string[], area: string) => [
    all,
    ...names.map((value) => ({ value, label: t(`mails.${area}.${value}`) })),
  ]
  return (
    <FilterBar
      t={t}
      action="/deliveries"
      reset={filtered ? '/deliveries' : undefined}
      hidden={{ org: given.org, warning: given.warning }}
    >
      <Field
        label={t('mails.log.state')}
        name="state"
        type="select"
        value={given.state ?? ''}
        options={options(states, 'state')}
      />
      <Field
        label={t('mails.log.kind')}
        name="kind"
        type="select"
        value={given.kind ?? ''}
        options={options(kinds, 'kindName')}
      />
      <Field label={t('mails.log.text')} name="text" type="search" value={given.text ?? ''} maxlength={200} />
    </FilterBar>
  )
}

/** Of a browser or a program the address is our own number, which says nothing to people. */
const hasAddress = ({ channel }: DeliveryRow): boolean => channel === 'mail' || channel === 'sms'

const columns = (t: T, now: number, zone: string) => [
  {
    key: 'decided',
    label: t('mails.log.decided'),
    kind: 'time' as const,
    cell: (row: DeliveryRow) => <Time t={t} at={row.decidedAt} now={now} zone={zone} as="short" />,
  },
  {
    key: 'to',
    label: t('mails.log.to'),
    main: true,
    cell: (row: DeliveryRow) => (
      <>
        {row.person ?? t(row.channel === 'webhook' ? 'ways.name.webhook' : 'mails.log.contact')}{' '}
        {hasAddress(row) && <span class="muted">{row.address}</span>}
      </>
    ),
  },
  { key: 'org', label: t('mails.log.org'), cell: (row: DeliveryRow) => row.org ?? '–' },
  {
    key: 'what',
    label: t('mails.log.what'),
    cell: (row: DeliveryRow) => (
      <>
        {t(`mails.kindName.${row.kind}`)}
        {row.channel !== 'mail' && <> · {t(`ways.name.${row.channel}`)}</>}
        {row.warning !== null && (
          <>
            {' '}
            <a href={`/warnings/${row.warning}`}>{row.number ?? row.warning}</a>
          </>
        )}
        {row.written !== null && row.number !== null && (
          <>
            {' '}
            <a href={`/warnings/written/${row.written}`}>{row.number}</a>
          </>
        )}
      </>
    ),
  },
  {
    key: 'state',
    label: t('mails.log.state'),
    cell: (row: DeliveryRow) => <State t={t} row={row} now={now} zone={zone} />,
  },
]

/** The state with its time, and beneath it the reason or what the server said. */
function State({ t, row, now, zone }: { t: T; row: DeliveryRow; now: number; zone: string }) {
  const { reason } = row
  return (
    <>
      {t(`mails.state.${row.state}`)}
      {row.sentAt !== null && (
        <>
          {' '}
          <Time t={t} at={row.sentAt} now={now} zone={zone} as="short" />
        </>
      )}
      {row.state === 'queued' && row.attempts > 0 && (
        <>
          {' · '}
          {t('mails.log.tries', { n: row.attempts })},{' '}
          <Time t={t} at={row.dueAt} now={now} zone={zone} as="short" />
        </>
      )}
      {reason && (
        <div class="muted">{t.has(`mails.reason.${reason}`) ? t(`mails.reason.${reason}`) : reason}</div>
      )}
      {row.reply && <div class="muted">{row.reply}</div>}
    </>
  )
}

function href(query: DeliveryQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `/deliveries${search.size > 0 ? `?${search}` : ''}`
}
