/** How quickly the sector answers, month by month: for coordinators. */
import { duration, monthTitle } from '../../../../platform/dates.ts'
import { EmptyState, html, Page, type PageProps, Table } from '../../../../ui/index.ts'
import type { Month } from '../../written/times.ts'

export interface TimesProps {
  frame: PageProps & { zone: string }
  months: Month[]
}

const lasting = (minutes: number | null): string => (minutes === null ? '–' : duration(minutes * 60_000))

export function timesPage({ frame, months }: TimesProps): string {
  const { t } = frame
  const share = (part: number, whole: number): string => `${t.number(part)} / ${t.number(whole)}`
  return html(
    <Page {...frame} lead={t('written.times.lead')}>
      <Table<Month>
        caption={t('written.times.title')}
        captionHidden
        rows={months}
        rowKey={(row) => row.month}
        columns={[
          {
            key: 'month',
            label: t('written.times.month'),
            main: true,
            cell: (row) => monthTitle(`${row.month}-01`, t),
          },
          {
            key: 'warnings',
            label: t('written.times.warnings'),
            kind: 'number',
            cell: (row) => t.number(row.warnings),
          },
          {
            key: 'answered',
            label: t('written.board.answered'),
            kind: 'number',
            cell: (row) => share(row.answered, row.asked),
          },
          {
            key: 'median',
            label: t('written.board.median'),
            kind: 'number',
            cell: (row) => lasting(row.medianToAnswer),
          },
          {
            key: 'mean',
            label: t('written.board.mean'),
            kind: 'number',
            cell: (row) => lasting(row.meanToAnswer),
          },
          {
            key: 'done',
            label: t('written.times.done'),
            kind: 'number',
            cell: (row) => share(row.done, row.asked),
          },
          {
            key: 'toDone',
            label: t('written.board.done'),
            kind: 'number',
            cell: (row) => lasting(row.meanToDone),
          },
        ]}
        empty={
          <EmptyState title={t('written.times.none')}>
            <p>{t('written.times.noneWhy')}</p>
          </EmptyState>
        }
      />
      <p class="muted">
        <a href="/warnings/written">{t('written.list.title')}</a>
      </p>
    </Page>,
  )
}
