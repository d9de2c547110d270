/** The protocol of a call for paper: what it was, how each organisation came out, and its course. */
import { duration, exact, second } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Sheet, SheetBlock } from '../../../platform/pdf.ts'
import { figuresOf } from '../figures.ts'
import type { OrgLine } from '../types.ts'
import { answerWords, isExercise, nameOf } from '../words.ts'
import { entriesOf, type Protocol } from './protocol.ts'
import { standingOf } from './words.tsx'

/** Paper holds so many lines of the course; of a larger call the messages stay in the table, and what comes after them. */
const mostEntries = 1_200
const longestNote = 300

export function protocolSheet(protocol: Protocol, t: T, zone: string): Omit<Sheet, 'foot' | 'watermark'> {
  const { call } = protocol
  return {
    lang: t.lang,
    title: call.title,
    mark: `TLP:${call.tlp}`,
    head: t('rollcalls.print.head', { name: nameOf(call, t) }),
    blocks: [
      ...(isExercise(call.class)
        ? [{ kind: 'strong' as const, text: `${nameOf(call, t)}: ${t('rollcalls.mail.drill')}` }]
        : []),
      { kind: 'facts', rows: facts(protocol, t, zone) },
      ...(call.body ? [{ kind: 'text' as const, text: call.body }] : []),
      { kind: 'heading', text: t('rollcalls.board') },
      organisations(protocol, t, zone),
      { kind: 'heading', text: t('rollcalls.print.course') },
      ...course(protocol, t, zone),
    ],
  }
}

function facts({ call, lines }: Protocol, t: T, zone: string): [string, string][] {
  const sums = figuresOf(call, lines)
  const when = (at: number | null): string => (at === null ? '–' : exact(at, t, zone))
  const minutes = (value: number | null): string => (value === null ? '–' : duration(value * 60_000))
  return [
    [
      t('rollcalls.field.class'),
      `${t(`rollcalls.class.${call.class}`)}, ${t(`rollcalls.state.${call.state}`)}`,
    ],
    [t('rollcalls.print.author'), call.authorName ?? '–'],
    [t('rollcalls.print.released'), `${when(call.releasedAt)}, ${call.approverName ?? '–'}`],
    [t('rollcalls.field.within'), when(call.deadlineAt)],
    [t('rollcalls.print.ended'), when(call.endedAt)],
    [t('rollcalls.answers'), t('rollcalls.answeredOf', { n: sums.answered, all: sums.asked - sums.excused })],
    [t('rollcalls.sum.share'), t.percent(sums.share, 1)],
    [t('rollcalls.sum.silent'), t.number(sums.silent)],
    [t('rollcalls.sum.noContact'), t.number(sums.noContact)],
    [t('rollcalls.sum.excused'), t.number(sums.excused)],
    [t('rollcalls.sum.median'), minutes(sums.median)],
  ]
}

function organisations({ call, lines }: Protocol, t: T, zone: string): SheetBlock {
  const said = (line: OrgLine): string =>
    [
      line.answer === null ? standingOf(call, line, t) : answerWords(call, line.answer, t),
      line.conflict ? t('rollcalls.conflict') : '',
      line.excused,
    ]
      .filter(Boolean)
      .join('; ')
  return {
    kind: 'table',
    columns: ['org', 'answer', 'who', 'at'].map((name) => t(`rollcalls.col.${name}`)),
    widths: [4, 3, 3, 2],
    rows: lines.map((line) => [
      line.name,
      said(line),
      [line.person, line.via && t(`rollcalls.via.${line.via}`)].filter(Boolean).join(', ') || '–',
      line.answeredAt === null ? '–' : second(line.answeredAt, t, zone),
    ]),
  }
}

function course(protocol: Protocol, t: T, zone: string): SheetBlock[] {
  const all = entriesOf(protocol, t)
  const fitting = all.length <= mostEntries ? all : all.filter(({ message }) => !message)
  const shown = fitting.slice(0, mostEntries)
  return [
    ...(shown.length < all.length
      ? [{ kind: 'strong' as const, text: t('rollcalls.print.more', { n: all.length - shown.length }) }]
      : []),
    {
      kind: 'table',
      columns: ['at', 'what', 'org', 'who', 'state'].map((name) => t(`rollcalls.print.${name}`)),
      widths: [2, 3, 3, 3, 3],
      rows: shown.map(({ at, what, org, who, way, state, note }) => [
        second(at, t, zone),
        what,
        ...[org, who ?? ''].map((one) => one || '–'),
        [[way, state].filter(Boolean).join(': ') || '–', cut(note)].filter(Boolean).join('\n'),
      ]),
    },
  ]
}

const cut = (note: string): string =>
  note.length > longestNote ? `${note.slice(0, longestNote - 1)}…` : note
