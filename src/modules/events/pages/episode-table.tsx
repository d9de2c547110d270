/** Episodes in a table. */
import type { T } from '../../../platform/i18n.ts'
import { Chip, EmptyState, Table, Time } from '../../../ui/index.ts'
import type { EpisodeRow } from '../queries/episodes.ts'
import { severity, sourceLink } from './day-columns.tsx'
import { familyName } from './words.ts'

export function EpisodeTable({
  t,
  now,
  zone,
  rows,
  organisations,
}: {
  t: T
  now: number
  zone: string
  rows: EpisodeRow[]
  organisations: boolean
}) {
  return (
    <Table
      caption={t('events.episodes')}
      captionHidden
      rows={rows}
      rowKey={(row) => row.id}
      rowHref={(row) => `/episodes/${row.id}`}
      empty={
        <EmptyState title={t('events.episode.none')}>
          <p>{t('events.list.emptyWhy')}</p>
        </EmptyState>
      }
      columns={[
        {
          key: 'kind',
          label: t('events.kind'),
          main: true,
          cell: (row) => <a href={`/episodes/${row.id}`}>{familyName(row.family, t)}</a>,
        },
        { key: 'severity', label: t('events.severity'), cell: (row) => severity(row.severity, t) },
        ...(organisations
          ? [
              {
                key: 'organisation',
                label: t('events.organisation'),
                cell: (row: EpisodeRow) => row.organisation ?? (row.org === 0 ? t('events.perimeter') : ''),
              },
            ]
          : []),
        {
          key: 'source',
          label: t('events.source'),
          kind: 'mono' as const,
          cell: (row: EpisodeRow) => (row.source ? sourceLink(row.source, t) : ''),
        },
        {
          key: 'last',
          label: t('events.last'),
          kind: 'time' as const,
          cell: (row: EpisodeRow) => (
            <Time t={t} at={Date.parse(row.last_at)} now={now} zone={zone} as="short" />
          ),
        },
        {
          key: 'events',
          label: t('events.events'),
          kind: 'number' as const,
          cell: (row: EpisodeRow) => <a href={`/episodes/${row.id}/events`}>{t.number(row.events)}</a>,
        },
        {
          key: 'through',
          label: t('events.through'),
          kind: 'number' as const,
          cell: (row: EpisodeRow) => t.number(row.got_through),
        },
        { key: 'state', label: t('events.state'), cell: (row: EpisodeRow) => <State t={t} row={row} /> },
      ]}
    />
  )
}

function State({ t, row }: { t: T; row: EpisodeRow }) {
  return (
    <>
      {row.lane === 2 && <Chip>{t('events.exercise')}</Chip>}{' '}
      {row.open ? <Chip yours>{t('events.episode.open')}</Chip> : t('events.episode.closed')}
    </>
  )
}
