/** The form by which an organisation answers: one button for each answer that it may give from where it stands. */
import type { T } from '../../../../platform/i18n.ts'
import { Actions, Button, Field, Form } from '../../../../ui/index.ts'
import { needsNote, transitions } from '../../written/answer-rules.ts'
import type { AnswerWord, Standing } from '../../written/types.ts'

export interface AnsweringProps {
  t: T
  action: string
  csrf?: string
  /** Named in the form's label where somebody answers for several. */
  org: { id: number; name: string }
  standing: Standing
  /** What the reader's role allows. */
  may: AnswerWord[]
  /** The one that the pressed link of the mail names: it stands first. */
  chosen?: AnswerWord | null
  given?: { note: string; plannedOn: string; affected: string } | undefined
  errors?: Record<string, string> | undefined
}

export function Answering(props: AnsweringProps) {
  const { t, standing, may, chosen, given } = props
  const open = transitions[standing].filter((word) => may.includes(word))
  if (open.length === 0) return null
  const noted = open.some((word) => needsNote(standing, word))
  const error = (field: string): string | undefined =>
    props.errors?.[field] && t(`written.answerError.${props.errors[field]}`)
  const details = open.some((word) => word !== 'seen')
  const fresh = standing === 'pending' || standing === 'seen'
  const likely = chosen ?? (fresh ? (open.find((word) => word === 'working') ?? open[0]) : null)
  return (
    <Form
      action={props.action}
      csrf={props.csrf}
      hidden={{ org: props.org.id }}
      label={`${t('written.answerWord')}: ${props.org.name}`}
      noTurbo={props.csrf === undefined}
    >
      {details && (
        <div class="written-columns">
          <Field
            label={t('written.field.affected')}
            name="affected"
            type="number"
            inputmode="numeric"
            min={0}
            max={1_000_000}
            value={given?.affected}
            error={error('affected')}
            hint={t('written.hint.affected')}
          />
          <Field
            label={t('written.field.plannedOn')}
            name="plannedOn"
            type="date"
            value={given?.plannedOn}
            error={error('plannedOn')}
            hint={t('written.hint.plannedOn')}
          />
        </div>
      )}
      <Field
        label={t(noted ? 'written.field.answerNote.needed' : 'written.field.answerNote')}
        name="note"
        type="textarea"
        rows={2}
        maxlength={4000}
        value={given?.note}
        error={error('note')}
      />
      <Actions>
        {open
          .toSorted((a, b) => Number(b === chosen) - Number(a === chosen))
          .map((word) => (
            <Button name="answer" value={word} kind={word === likely ? 'primary' : 'plain'}>
              {t(`written.answer.${word}`)}
            </Button>
          ))}
      </Actions>
    </Form>
  )
}
