/** Where the reader's own organisations stand with a warning. */
import { Fragment } from 'preact'
import { dayShort } from '../../../../platform/dates.ts'
import { Notice, Section } from '../../../../ui/index.ts'
import { mayAnswer } from '../../written/answer-rules.ts'
import { answerWords } from '../../written/types.ts'
import { holdingWords } from '../../written/words.ts'
import { Answering } from './answering.tsx'
import type { ShowProps } from './show-props.ts'
import { reasonWords, stateNow } from './words.tsx'

/** Where the reader's organisations stand, and the buttons to say so. */
export function Answers({ frame, actor, warning, version, lines, answering }: ShowProps) {
  const { t } = frame
  const own = lines.filter((line) => line.outAt === null)
  if (
    !actor ||
    own.length === 0 ||
    version.no !== warning.version ||
    stateNow(warning, frame.now) !== 'published'
  )
    return null
  return (
    <Section title={t('written.answers')} id="answer">
      {answering?.errors.answer && (
        <Notice kind="wrong" title={t(`written.answerError.${answering.errors.answer}`)} />
      )}
      {own.map((line) => (
        <Fragment key={line.org}>
          <p>
            {own.length > 1 && <strong>{line.name}: </strong>}
            {line.asked || line.answer !== 'pending'
              ? t(`written.standing.${line.answer}`)
              : t('written.notAsked')}
            {line.plannedOn && ` · ${t('written.plannedFor', { day: dayShort(line.plannedOn, t, true) })}`}
            {line.affected !== null && ` · ${t('written.affectedCount', { n: line.affected })}`}
            {line.owns && (
              <>
                <br />
                <span class="muted">{holdingWords(t, line.owns)}</span>
              </>
            )}
          </p>
          {line.asked && line.reasons.length > 0 && (
            <p class="muted">
              {t('written.askedBecause', { why: t.list(line.reasons.map((one) => reasonWords(one, t))) })}
            </p>
          )}
          {line.conflict && <Notice kind="careful" title={t('written.conflict')} />}
          <Answering
            t={t}
            action={`/warnings/written/${warning.id}/answer`}
            csrf={frame.csrf ?? ''}
            org={{ id: line.org, name: line.name }}
            standing={line.answer}
            may={answerWords.filter((word) => mayAnswer(actor, line.org, word))}
            given={answering?.form}
            errors={answering?.errors}
          />
        </Fragment>
      ))}
    </Section>
  )
}
