/** The protocol of a call: everything that happened, who, when and how, then every message; as a table, and as lines for paper. */
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

export interface Entry {
  at: number
  /** A message to somebody, of which there are most. */
  message: boolean
  what: string
  org: string
  who: string | null
  way: string
  state: string
  /** What was added to an answer. */
  note: string
  more: string
}

/** One an event, in order of time. */
export function entriesOf({ call, lines, log, attempts, answers }: Protocol, t: T): Entry[] {
  const names = new Map(lines.map((line) => [line.org, line.name]))
  const of = (org: number | null): string => (org === null ? '' : (names.get(org) ?? ''))
  const entries: Entry[] = [
    ...log
      .filter(({ what }) => what !== 'answer')
      .map(({ at, what, org, person, detail }) => ({
        ...{ at, message: false, what: t(`rollcalls.log.${what}`), org: of(org), who: person },
        ...{ way: '', state: '', note: '', more: detailWords(detail) },
      })),
    ...attempts.map((one) => ({
      ...{ at: one.at, message: true, org: of(one.org), who: one.person },
      what: t('rollcalls.log.attempt', { n: one.step }),
      note: '',
      way: t(`rollcalls.way.${one.channel}`),
      state:
        one.channel === 'phone'
          ? t(one.calledAt === null ? 'rollcalls.log.toCall' : 'rollcalls.log.called')
          : t(`mails.state.${one.state ?? 'queued'}`),
      more: [
        one.reason,
        one.settledAt && iso(one.settledAt),
        one.calledAt && `${iso(one.calledAt)} ${one.calledBy ?? ''}`,
      ]
        .filter(Boolean)
        .join(' '),
    })),
    ...answers.map((one) => ({
      ...{ at: one.at, message: false, org: of(one.org), who: one.person },
      what: t('rollcalls.log.answer'),
      way: t(`rollcalls.via.${one.via}`),
      state: answerWords(call, one.code, t),
      note: one.note,
      more: [t(`ui.role.${one.role}`), one.counted ? '' : t('rollcalls.notCounted'), one.note]
        .filter(Boolean)
        .join('; '),
    })),
  ]
  return entries.sort((a, b) => a.at - b.at)
}

export function protocolCsv(protocol: Protocol, t: T): string {
  const head = ['call', 'at', 'what', 'org', 'who', 'way', 'state', 'more']
  return csvFile(
    head.map((name) => t(`rollcalls.csv.${name}`)),
    entriesOf(protocol, t).map(({ at, what, org, who, way, state, more }) => [
      nameOf(protocol.call, t),
      iso(at),
      ...[what, org, who, way, state, more],
    ]),
  )
}

const detailWords = (detail: Record<string, unknown>): string =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join('; ')
