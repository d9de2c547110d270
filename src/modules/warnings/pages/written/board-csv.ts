/** The board as a file. */
import { csvFile } from '../../../../platform/csv.ts'
import { iso } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { inTime, type Line } from '../../written/board-read.ts'
import type { Told } from '../../written/told.ts'
import { reasonWords } from './words.tsx'

/** Exactly the rows of the page. */
export function boardCsv(lines: Line[], told: Told[], byInventory: boolean, t: T): string {
  const toldBy = new Map(told.map((one) => [one.org, one]))
  const head = [
    'org',
    'asked',
    'standing',
    'conflict',
    'asked_at',
    'answered_at',
    'first_answer_at',
    'done_at',
    'affected',
    'planned',
    'why',
    'told',
    'opened',
    'lost',
    'in_time',
    'next_at',
    'call',
  ]
  return csvFile(
    head.map((name) => t(`written.csv.${name}`)),
    lines.map((line) => [
      line.name,
      t(`written.${line.asked ? 'yes' : byInventory ? 'inventory' : 'no'}`),
      line.outAt === null ? t(`written.standing.${line.answer}`) : t('written.board.out'),
      t(line.conflict ? 'written.yes' : 'written.no'),
      iso(line.askedAt),
      ...[line.answeredAt, line.firstAnswerAt, line.doneAt].map((at) => (at === null ? '' : iso(at))),
      line.affected,
      line.plannedOn,
      line.reasons.map((one) => reasonWords(one, t)).join('; '),
      toldBy.get(line.org)?.out ?? 0,
      toldBy.get(line.org)?.opened ?? 0,
      toldBy.get(line.org)?.lost ?? 0,
      yesNo(inTime(line), t),
      line.next === null ? '' : iso(line.next.at),
      line.listed === null ? '' : t(`written.calls.why.${line.listed.why}`),
    ]),
  )
}

const yesNo = (said: boolean | null, t: T): string =>
  said === null ? '' : t(said ? 'written.yes' : 'written.no')
