/** Events behind an episode, in a table. */
import type { T } from '../../../platform/i18n.ts'
import { Table, Time } from '../../../ui/index.ts'
import type { episodeEvents } from '../queries/episode-events.ts'
import { className, verdictName } from './words.ts'

export function EventTable({
  t,
  now,
  zone,
  rows,
}: {
  t: T
  now: number
  zone: string
  rows: Awaited<ReturnType<typeof episodeEvents>>['rows']
}) {
  return (
    <Table
      caption={t('events.events')}
      captionHidden
      rows={rows}
      rowKey={(row) => `${row.batch}-${row.idx}`}
      empty={<p class="muted">{t('events.none')}</p>}
      columns={[
        {
          key: 'at',
          label: t('events.time'),
          kind: 'time',
          main: true,
          cell: (row) => (
            <a href={`/events/${row.batch}/${row.idx}`}>
              <Time t={t} at={Date.parse(row.at)} now={now} zone={zone} as="short" />
            </a>
          ),
        },
        { key: 'kind', label: t('events.kind'), cell: (row) => className(row.class, t) },
        {
          key: 'host',
          label: t('events.target'),
          kind: 'mono',
          cell: (row) => [row.host, row.port].filter((x) => x !== null).join(' : '),
        },
        { key: 'peer', label: t('events.peer'), kind: 'mono', cell: (row) => row.peer ?? '' },
        { key: 'verdict', label: t('events.verdict'), cell: (row) => verdictName(row.verdict, t) },
        { key: 'detector', label: t('events.detector'), cell: (row) => row.detector ?? '' },
      ]}
    />
  )
}
