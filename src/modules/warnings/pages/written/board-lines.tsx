/** The lines of the board: a column in which nothing stands yet is left out, so that a telephone shows what there is. */
import { dayShort } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Chip, type Column, EmptyState, type PageProps, Table, Time } from '../../../../ui/index.ts'
import type { Line } from '../../written/board-read.ts'
import type { Made } from '../../written/calls.ts'
import type { Told } from '../../written/told.ts'
import type { Written } from '../../written/types.ts'
import { MadeCell, NextCell } from './board-calls.tsx'
import { reasonWords } from './words.tsx'

interface LinesProps {
  frame: PageProps & { zone: string }
  warning: Written
  lines: Line[]
  told: Told[]
  made: Made[]
  /** It asks those too who run what it names, whom nobody else sees. */
  byInventory: boolean
}

export function Lines({ frame, warning, lines, told, made, byInventory }: LinesProps) {
  const { t } = frame
  return (
    <Table<Line>
      caption={t('written.board.lines')}
      captionHidden
      rows={lines}
      rowKey={(row) => row.org}
      columns={[...always(frame, warning, told, byInventory), ...whereSaid(frame, lines, made)]}
      empty={<EmptyState title={t('written.preview.nobody')} />}
    />
  )
}

function always(
  { t, now, zone }: LinesProps['frame'],
  warning: Written,
  told: Told[],
  byInventory: boolean,
): Column<Line>[] {
  const toldBy = new Map(told.map((one) => [one.org, one]))
  const standing = ({ asked, answer }: Line): string =>
    asked || (byInventory && answer !== 'pending')
      ? t(`written.standing.${answer}`)
      : t(`written.board.${byInventory ? 'byInventory' : 'notAsked'}`)
  return [
    { key: 'org', label: t('warnings.org'), main: true, cell: (row) => row.name },
    {
      key: 'standing',
      label: t('warnings.standing'),
      cell: (row) => (
        <>
          {row.outAt !== null ? t('written.board.out') : standing(row)}{' '}
          {row.conflict && <Chip>{t('written.board.conflict')}</Chip>}
        </>
      ),
    },
    {
      key: 'told',
      label: t('written.board.told'),
      cell: (row) => <ToldCell t={t} told={toldBy.get(row.org)} href={deliveriesOf(warning, row.org)} />,
    },
    {
      key: 'since',
      label: t('written.board.since'),
      kind: 'time',
      cell: (row) => <Time t={t} at={row.answeredAt ?? row.askedAt} now={now} zone={zone} />,
    },
  ]
}

/** The log of deliveries, cut down to this warning and organisation. */
const deliveriesOf = (warning: Written, org: number): string =>
  `/deliveries?${new URLSearchParams({ text: warning.number ?? '', org: String(org) })}`

/** How many people a message went out to, how many opened the page, and whether nobody was reached. */
function ToldCell({ t, told, href }: { t: T; told: Told | undefined; href: string }) {
  if (!told) return <>{t('written.board.told.none')}</>
  const { out, opened, waiting, lost } = told
  return (
    <a href={href}>
      {out > 0 && t('written.board.told.out', { n: out, opened })}
      {out === 0 && waiting > 0 && t('written.board.told.waiting', { n: waiting })}
      {out === 0 && waiting === 0 && t('written.board.told.lost', { n: lost })}
    </a>
  )
}

function whereSaid({ t, now, zone }: LinesProps['frame'], lines: Line[], made: Made[]): Column<Line>[] {
  const columns: (Column<Line> & { said: (row: Line) => boolean })[] = [
    {
      key: 'affected',
      label: t('written.board.affectedColumn'),
      kind: 'number',
      said: (row) => row.affected !== null,
      cell: (row) => (row.affected === null ? '–' : t.number(row.affected)),
    },
    {
      key: 'planned',
      label: t('written.board.plannedColumn'),
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
    {
      key: 'next',
      label: t('written.board.next'),
      said: (row) => row.next !== null,
      cell: (row) => <NextCell t={t} line={row} now={now} zone={zone} />,
    },
    {
      key: 'made',
      label: t('written.board.made'),
      said: (row) => made.some((one) => one.org === row.org),
      cell: (row) => <MadeCell t={t} made={made.filter((one) => one.org === row.org)} zone={zone} />,
    },
  ]
  return columns.filter((column) => lines.some(column.said))
}
