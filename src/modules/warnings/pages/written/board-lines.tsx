/** The lines of the board: a column in which nothing stands yet is left out, so that a telephone shows what there is. */
import { dayShort } from '../../../../platform/dates.ts'
import { Chip, type Column, EmptyState, type PageProps, Table, Time } from '../../../../ui/index.ts'
import type { Line } from '../../written/board-read.ts'
import { reasonWords } from './words.tsx'

interface LinesProps {
  frame: PageProps & { zone: string }
  lines: Line[]
}

export function Lines({ frame, lines }: LinesProps) {
  const { t } = frame
  return (
    <Table<Line>
      caption={t('written.board.lines')}
      captionHidden
      rows={lines}
      rowKey={(row) => row.org}
      columns={[...always(frame), ...whereSaid(frame, lines)]}
      empty={<EmptyState title={t('written.preview.nobody')} />}
    />
  )
}

const always = ({ t, now, zone }: LinesProps['frame']): Column<Line>[] => [
  { key: 'org', label: t('warnings.org'), main: true, cell: (row) => row.name },
  {
    key: 'standing',
    label: t('warnings.standing'),
    cell: (row) => (
      <>
        {row.outAt !== null
          ? t('written.board.out')
          : row.asked
            ? t(`written.standing.${row.answer}`)
            : t('written.board.notAsked')}{' '}
        {row.conflict && <Chip>{t('written.board.conflict')}</Chip>}
      </>
    ),
  },
  {
    key: 'since',
    label: t('written.board.since'),
    kind: 'time',
    cell: (row) => <Time t={t} at={row.answeredAt ?? row.askedAt} now={now} zone={zone} />,
  },
]

function whereSaid({ t, now, zone }: LinesProps['frame'], lines: Line[]): Column<Line>[] {
  const columns: (Column<Line> & { said: (row: Line) => boolean })[] = [
    {
      key: 'affected',
      label: t('written.field.affected'),
      kind: 'number',
      said: (row) => row.affected !== null,
      cell: (row) => (row.affected === null ? '–' : t.number(row.affected)),
    },
    {
      key: 'planned',
      label: t('written.field.plannedOn'),
      kind: 'time',
      said: (row) => row.plannedOn !== null,
      cell: (row) => (row.plannedOn ? dayShort(row.plannedOn, t, true) : '–'),
    },
    {
      key: 'why',
      label: t('written.preview.why'),
      // That it concerns everybody is no news of anybody.
      said: (row) => row.reasons.some((one) => one.why !== 'all'),
      cell: (row) => row.reasons.map((one) => reasonWords(one, t)).join(' · ') || '–',
    },
    {
      key: 'reminded',
      label: t('written.board.reminded'),
      kind: 'time',
      said: (row) => row.remindedAt !== null,
      cell: (row) =>
        row.remindedAt === null ? '–' : <Time t={t} at={row.remindedAt} now={now} zone={zone} />,
    },
  ]
  return columns.filter((column) => lines.some(column.said))
}
