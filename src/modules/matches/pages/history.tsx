/** What happened to a match, oldest first. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Section, severityNames, Timeline } from '../../../ui/index.ts'
import type { Change } from '../read.ts'
import { standingWords } from './words.ts'

export function History({ frame: { t, now, zone }, changes }: { frame: Frame; changes: Change[] }) {
  return (
    <Section title={t('matches.history')} id="history">
      <Timeline
        t={t}
        now={now}
        zone={zone}
        items={changes.toReversed().map((change) => ({
          at: change.at,
          title: titleOf(t, change),
          body: linesOf(t, change).map((line) => <p key={line}>{line}</p>),
          strong: change.kind === 'answer',
        }))}
      />
    </Section>
  )
}

const textIn = (detail: Change['detail'], key: string): string => {
  const value = detail[key]
  return typeof value === 'string' ? value : ''
}

const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Before and after, where they differ. */
function pairIn(value: unknown): [number, number] | null {
  const [before, after] = Array.isArray(value) ? value.map(numberIn) : []
  return before != null && after != null && before !== after ? [before, after] : null
}

function titleOf(t: T, { kind, actor, detail }: Change): string {
  if (kind !== 'answer') return t(`matches.history.${kind}`)
  const answer = standingWords(t, {
    // What is kept with an answer is one of the words that it could be given by.
    answer: textIn(detail, 'answer') as 'seen',
    plannedOn: textIn(detail, 'planned') || null,
    affected: numberIn(detail.affected),
  })
  return t('matches.history.answer', { name: actor, answer })
}

function linesOf(t: T, { kind, detail }: Change): string[] {
  const pieces = pairIn(detail.pieces)
  const severity = pairIn(detail.severity)
  const [was, exploited] = Array.isArray(detail.exploited) ? detail.exploited : []
  const why = kind === 'closed' ? textIn(detail, 'why') : ''
  const note = textIn(detail, 'note')
  const level = (one: number): string => t(`ui.severity.${severityNames[one]}`)
  return [
    ...(why ? [t(`matches.closed.${why}`)] : []),
    ...(pieces
      ? [
          t('matches.history.pieces', {
            before: t('matches.pieces', { n: pieces[0] }),
            after: t('matches.pieces', { n: pieces[1] }),
          }),
        ]
      : []),
    ...(severity
      ? [t('matches.history.severity', { before: level(severity[0]), after: level(severity[1]) })]
      : []),
    ...(was === exploited ? [] : [t(`matches.history.exploited.${exploited === true ? 'new' : 'not'}`)]),
    ...(note ? [t('matches.history.note', { note })] : []),
  ]
}
