/** The cells of the one list of warnings, for either kind. */
import type { T } from '../../../platform/i18n.ts'
import { Chip, type Severity, SeverityBadge, severityNames, Time } from '../../../ui/index.ts'
import type { WarningRow } from '../types.ts'
import type { OutRow } from '../written/out-list.ts'
import type { Standing } from '../written/types.ts'
import { saidIn } from '../written/words.ts'
import type { BothRow } from './both-lists.ts'
import { orgWords, standingWords, titleOf } from './words.ts'

export interface CellProps {
  t: T
  one: BothRow
  now: number
  zone?: string | undefined
  /** The reader coordinates, so the answers of all are shown as a figure. */
  coordinator: boolean
}

export const nameOf = (severity: number): Severity => severityNames[severity] ?? 'info'

export const hrefOf = (one: BothRow): string =>
  one.from === 'detected' ? `/warnings/${one.row.id}` : `/warnings/written/${one.row.id}`

/** Of what is revoked nothing is known any more but its number. */
export const SeverityCell = ({ t, one }: CellProps) =>
  one.from === 'gone' ? null : <SeverityBadge t={t} severity={nameOf(one.row.severity)} />

export function TitleCell({ t, one }: CellProps) {
  if (one.from === 'gone')
    return (
      <a href={hrefOf(one)} class="number">
        {one.row.number}
      </a>
    )
  const title = one.from === 'detected' ? titleOf(one.row.title, t.lang) : saidIn(one.row, t.lang).title
  return (
    <>
      <a href={hrefOf(one)}>{title}</a>{' '}
      {one.from === 'detected' ? (
        one.row.exercise !== null && <Chip>{t('warnings.exercise')}</Chip>
      ) : (
        <Chip>{t(`written.kind.${one.row.kind}`)}</Chip>
      )}{' '}
      <span class="muted number">
        {one.row.number}
        {one.from === 'written' && ` v${one.row.version}`}
      </span>
    </>
  )
}

export const OrgCell = ({ t, one }: CellProps) =>
  one.from === 'detected'
    ? orgWords(one.row, t)
    : one.from === 'written' && t(`written.audience.${one.row.audience}`)

export function StandingCell({ t, one, now, coordinator }: CellProps) {
  if (one.from === 'detected') return <>{standingWords(one.row, t)}</>
  if (one.from === 'gone') return <Chip>{t(`written.state.${one.row.stands}`)}</Chip>
  const { row } = one
  if (row.state !== 'published' || (row.endsAt !== null && row.endsAt <= now))
    return <>{t(`written.state.${row.state === 'published' ? 'expired' : row.state}`)}</>
  if (row.answers.length === 0) return <span class="muted">{t('warnings.standing.notAsked')}</span>
  if (!coordinator) return <>{t(`written.standing.${leastOf(row.answers)}`)}</>
  const answered = row.answers.filter((answer) => answer !== 'pending').length
  return <>{t('warnings.standing.answered', { n: answered, all: row.answers.length })}</>
}

/** Of several organisations of one reader the one that has come least far. */
const far: Standing[] = ['pending', 'seen', 'working', 'mitigated', 'not_affected', 'done']
const leastOf = (answers: OutRow['answers']): Standing =>
  far.find((one) => answers.includes(one)) ?? 'pending'

export const OpenedCell = ({ t, one, now, zone }: CellProps) => (
  <Time t={t} at={one.at} now={now} zone={zone} as="short" />
)

export const LastCell = ({ t, one, now, zone }: CellProps) =>
  one.from === 'detected' ? (
    <Last t={t} row={one.row} now={now} zone={zone} />
  ) : (
    <Time t={t} at={one.from === 'gone' ? one.at : one.row.changedAt} now={now} zone={zone} />
  )

function Last({ t, row, now, zone }: { t: T; row: WarningRow; now: number; zone?: string | undefined }) {
  return (
    <>
      <Time t={t} at={row.lastAt} now={now} zone={zone} />
      {row.going && row.state !== 'closed' && <> · {t('warnings.going')}</>}
    </>
  )
}

/** A dash for what coordinators write: it has no events. */
export const EventsCell = ({ t, one }: CellProps) =>
  one.from === 'detected' ? <a href={`/warnings/${one.row.id}#evidence`}>{t.number(one.row.events)}</a> : '–'
