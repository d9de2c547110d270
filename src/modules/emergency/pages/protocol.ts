/** The protocol of a call as a table: everything that happened, who, when and how, then every message. */
import { csvFile } from '../../../platform/csv.ts'
import { iso } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { GivenAnswer } from '../answer.ts'
import type { Attempt } from '../attempts.ts'
import type { Line } from '../log.ts'
import type { Broadcast, OrgLine } from '../types.ts'
import { answerWords, nameOf } from '../words.ts'

export interface Protocol {
  call: Broadcast
  lines: OrgLine[]
  log: Line[]
  attempts: Attempt[]
  answers: GivenAnswer[]
}

type Row = (string | number | null)[]

/** One row an event, in order of time. */
export function protocolCsv({ call, lines, log, attempts, answers }: Protocol, t: T): string {
  const names = new Map(lines.map((line) => [line.org, line.name]))
  const of = (org: number | null): string => (org === null ? '' : (names.get(org) ?? ''))
  const rows: { at: number; row: Row }[] = [
    ...log
      .filter(({ what }) => what !== 'answer')
      .map((one) => ({
        at: one.at,
        row: [t(`rollcalls.log.${one.what}`), of(one.org), one.person, '', '', detailWords(one.detail)],
      })),
    ...attempts.map((one) => ({
      at: one.at,
      row: [
        t('rollcalls.log.attempt', { n: one.step }),
        of(one.org),
        one.person,
        t(`rollcalls.way.${one.channel}`),
        one.channel === 'phone'
          ? t(one.calledAt === null ? 'rollcalls.log.toCall' : 'rollcalls.log.called')
          : t(`mails.state.${one.state ?? 'queued'}`),
        [
          one.reason,
          one.settledAt && iso(one.settledAt),
          one.calledAt && `${iso(one.calledAt)} ${one.calledBy ?? ''}`,
        ]
          .filter(Boolean)
          .join(' '),
      ],
    })),
    ...answers.map((one) => ({
      at: one.at,
      row: [
        t('rollcalls.log.answer'),
        of(one.org),
        one.person,
        t(`rollcalls.via.${one.via}`),
        answerWords(call, one.code, t),
        [t(`ui.role.${one.role}`), one.counted ? '' : t('rollcalls.notCounted'), one.note]
          .filter(Boolean)
          .join('; '),
      ],
    })),
  ]
  const head = ['call', 'at', 'what', 'org', 'who', 'way', 'state', 'more']
  return csvFile(
    head.map((name) => t(`rollcalls.csv.${name}`)),
    rows.sort((a, b) => a.at - b.at).map(({ at, row }) => [nameOf(call, t), iso(at), ...row]),
  )
}

const detailWords = (detail: Record<string, unknown>): string =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join('; ')
