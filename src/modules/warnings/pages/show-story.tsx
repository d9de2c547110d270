/** The story of a warning, moment by moment, and the mails it sent. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../../platform/i18n.ts'
import { Section, Table, Time, Timeline } from '../../../ui/index.ts'
import type { TimelineItem } from '../types.ts'
import { nameOf } from './both-cells.tsx'
import type { Delivery } from './show-data.ts'
import { bandWords } from './words.ts'

interface When {
  t: T
  now: number
  zone?: string
}

const strong = new Set(['opened', 'raised', 'answer', 'reopened', 'relapse', 'closed'])

export function Story({ t, log, now, zone }: When & { log: TimelineItem[] }) {
  return (
    <Section title={t('warnings.story')} id="story">
      <Timeline
        t={t}
        now={now}
        zone={zone}
        items={log.map((item) => ({
          at: item.at,
          title: titleOf(item, t),
          by: item.person ?? undefined,
          body: bodyOf(item),
          strong: strong.has(item.kind),
        }))}
      />
    </Section>
  )
}

const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function titleOf({ kind, detail, internal }: TimelineItem, t: T): string {
  if (kind === 'answer') {
    const said = t(`warnings.said.${word(detail.answer)}`)
    return detail.counted === false
      ? t('warnings.log.answer.kept', { said })
      : t(
          detail.via === 'mail'
            ? 'warnings.log.answer.mail'
            : detail.via === 'sms'
              ? 'warnings.log.answer.sms'
              : detail.via === 'coordinator'
                ? 'warnings.log.answer.coordinator'
                : 'warnings.log.answer',
          { said },
        )
  }
  if (kind === 'raised' && detail.to !== undefined)
    return t('warnings.log.raised.to', { severity: t(`ui.severity.${nameOf(Number(detail.to))}`) })
  if (kind === 'assigned')
    return detail.to ? t('warnings.log.assigned', { name: word(detail.to) }) : t('warnings.log.unassigned')
  if (kind === 'band' && detail.band) return t('warnings.log.band', { band: bandWords(word(detail.band), t) })
  if (kind === 'closed' && detail.why === 'left') return t('unattended.log')
  if (kind === 'closed') return t(detail.why === 'done' ? 'warnings.log.closed.done' : 'warnings.log.closed')
  if (internal) return t('glass.note')
  const key = `warnings.log.${kind}`
  return t(t.has(key) ? key : 'warnings.log.other')
}

/** What a person wrote; line breaks kept. */
function bodyOf({ detail }: TimelineItem): ComponentChildren {
  const text = word(detail.text) || word(detail.note)
  return text ? <p class="said">{text}</p> : undefined
}

export function Deliveries({ t, rows, now, zone }: When & { rows: Delivery[] }) {
  return (
    <Section title={t('warnings.deliveries')} id="deliveries">
      <Table<Delivery>
        caption={t('warnings.deliveries')}
        captionHidden
        walkable={false}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'to',
            label: t('warnings.delivery.to'),
            main: true,
            cell: (row) => row.person ?? row.address,
          },
          {
            key: 'kind',
            label: t('warnings.delivery.kind'),
            cell: (row) => t(`warnings.delivery.kind.${row.kind}`),
          },
          { key: 'state', label: t('warnings.delivery.state'), cell: (row) => stateOf(row, t) },
          {
            key: 'decided',
            label: t('warnings.delivery.decided'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.decidedAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'sent',
            label: t('warnings.delivery.sent'),
            kind: 'time',
            cell: (row) =>
              row.sentAt !== null && <Time t={t} at={row.sentAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'opened',
            label: t('warnings.delivery.opened'),
            kind: 'time',
            cell: (row) =>
              row.openedAt !== null && <Time t={t} at={row.openedAt} now={now} zone={zone} as="short" />,
          },
        ]}
        empty={<p class="muted">{t('warnings.deliveries.none')}</p>}
      />
    </Section>
  )
}

function stateOf(row: Delivery, t: T): string {
  const state = t(`warnings.delivery.state.${row.state}`)
  const key = `warnings.delivery.reason.${row.reason}`
  if (!row.reason) return state
  return t.has(key) ? `${state}: ${t(key)}` : `${state}: ${row.reason}`
}
