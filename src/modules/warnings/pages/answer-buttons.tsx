/** The answers a person can give, drawn from the same tables that the verb checks. What cannot be pressed says why. */
import type { Actor } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import { Button, Field, Form } from '../../../ui/index.ts'
import { mayAnswer, needsNote, transitions } from '../may.ts'
import { type AnswerWord, answerWords, type WarningRow } from '../types.ts'

export interface AnswerProps {
  t: T
  actor: Actor
  row: Pick<WarningRow, 'id' | 'org' | 'answer' | 'state' | 'severity'>
  csrf: string
  /** Where to go after the answer. */
  back?: string
  /** On a list: the few likely answers, without a note. */
  short?: boolean
  errors?: Record<string, string>
  /** What was written before a refusal. */
  note?: string
}

type Why = 'role' | 'state' | null

/** Why an answer cannot be given now; null when it can. */
export function refusalOf(actor: Actor, row: AnswerProps['row'], word: AnswerWord): Why {
  if (!mayAnswer(actor, { org: row.org }, word)) return 'role'
  if (!transitions[row.answer].includes(word)) return 'state'
  return null
}

const shortList: AnswerWord[] = ['working', 'seen', 'done']

export function AnswerButtons(props: AnswerProps) {
  const { t, actor, row } = props
  const all = props.short ? shortList : answerWords
  const given = all.map((word) => ({ word, why: refusalOf(actor, row, word) }))
  const open = given.filter((one) => one.why === null && !(props.short && needsNote(row.answer, one.word)))
  const primary = open.find((one) => one.word === 'working') ?? open[0]
  const roleless = given.some((one) => one.why === 'role')
  if (props.short && open.length === 0) return null
  const reasonId = `why-${row.id}`
  return (
    <Form
      action={`/warnings/${row.id}/answer`}
      csrf={props.csrf}
      hidden={{ back: props.back }}
      // On a list the row says whose answer it is; a landmark for each row would only be noise.
      label={props.short ? undefined : t('warnings.answer.label')}
      class="answers"
    >
      {!props.short && <NoteField {...props} />}
      <div class="actions">
        {open.map(({ word }) => (
          <Button key={word} name="answer" value={word} kind={word === primary?.word ? 'primary' : 'plain'}>
            {t(`warnings.answer.${word}`)}
          </Button>
        ))}
        {!props.short &&
          given
            .filter((one) => one.why !== null)
            .map(({ word }) => (
              <button
                key={word}
                type="submit"
                class="button button-plain"
                disabled
                aria-describedby={reasonId}
              >
                {t(`warnings.answer.${word}`)}
              </button>
            ))}
      </div>
      {!props.short && given.some((one) => one.why !== null) && (
        <p class="muted answers-why" id={reasonId}>
          {t(roleless ? 'warnings.answer.why.role' : `warnings.answer.why.${row.answer}`)}
        </p>
      )}
    </Form>
  )
}

function NoteField({ t, row, errors, note }: AnswerProps) {
  const needed = answerWords.some(
    (word) => transitions[row.answer].includes(word) && needsNote(row.answer, word),
  )
  return (
    <details class="details answers-note" open={Boolean(errors?.note || note || row.answer === 'done')}>
      <summary>{t('warnings.answer.addNote')}</summary>
      <Field
        label={t('warnings.answer.note')}
        name="note"
        type="textarea"
        rows={2}
        maxlength={4000}
        value={note}
        error={errors?.note}
        hint={needed ? t(`warnings.answer.noteNeeded.${row.answer}`) : t('warnings.answer.noteHint')}
      />
    </details>
  )
}
