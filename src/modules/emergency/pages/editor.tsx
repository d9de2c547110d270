/** Writing a call: what it says, what can be answered, whom it asks; below, exactly who would be told. */
import type { Frame } from '../../../platform/frame.ts'
import type { Shown } from '../../../platform/revision.ts'
import { Actions, Button, Details, Field, Form, Notice, Section } from '../../../ui/index.ts'
import { Boxes } from '../../warnings/pages.ts'
import { classes, modes, testWays, tlps } from '../types.ts'
import type { Typed } from './form.ts'
import { errorsIn, kindName, regionWords } from './words.tsx'

export interface EditorProps {
  frame: Frame
  action: string
  /** The revision of the draft that the fields are filled from; none while nothing is kept. */
  shown?: Shown
  typed: Typed
  choices: {
    organisations: { id: number; name: string }[]
    kinds: readonly string[]
    regions: readonly string[]
  }
  errors: Record<string, string>
}

export function Editor(props: EditorProps) {
  const { frame, typed, errors } = props
  const { t } = frame
  const error = (field: string): string | undefined => errorsIn(t, errors, field)
  return (
    <Form
      action={props.action}
      csrf={frame.csrf}
      hidden={props.shown ?? {}}
      label={t('rollcalls.edit.form')}
      class="written-form"
    >
      {Object.keys(errors).length > 0 && (
        <Notice kind="wrong" title={t('rollcalls.error')}>
          <ul>
            {Object.keys(errors).map((field) => (
              <li>
                {t(`rollcalls.field.${field}`)}: {error(field)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="written-columns">
        <Field
          label={t('rollcalls.field.class')}
          name="class"
          type="select"
          value={typed.class}
          options={classes.map((value) => ({ value, label: t(`rollcalls.class.${value}`) }))}
          hint={t('rollcalls.hint.class')}
        />
        <Field
          label="TLP"
          name="tlp"
          type="select"
          value={typed.tlp}
          options={tlps.map((value) => ({ value, label: `TLP:${value}` }))}
          hint={t('rollcalls.hint.tlp')}
        />
        <Field
          label={t('rollcalls.field.within')}
          name="within"
          type="number"
          min={5}
          max={10_080}
          value={typed.within}
          unit="min"
          error={error('within')}
        />
      </div>
      <Field
        label={t('rollcalls.field.title')}
        name="title"
        required
        maxlength={120}
        value={typed.title}
        error={error('title')}
      />
      <Field
        label={t('rollcalls.field.body')}
        name="body"
        type="textarea"
        rows={6}
        maxlength={4000}
        value={typed.body}
        error={error('body')}
        hint={t('rollcalls.hint.body')}
      />
      <Field
        label={t('rollcalls.field.room')}
        name="room"
        maxlength={300}
        value={typed.room}
        error={error('room')}
        hint={t('rollcalls.hint.room')}
      />
      <Whom {...props} />
      <Answers {...props} />
      <Actions>
        <Button kind="primary">{t('rollcalls.edit.save')}</Button>
      </Actions>
    </Form>
  )
}

function Whom({ frame: { t }, typed, choices, errors }: EditorProps) {
  return (
    <Section title={t('rollcalls.edit.whom')}>
      <Field
        label={t('rollcalls.field.whom')}
        name="whom"
        type="select"
        value={typed.whom}
        options={['all', 'chosen'].map((value) => ({ value, label: t(`rollcalls.whom.${value}`) }))}
      />
      <Details
        summary={t('rollcalls.edit.narrow')}
        open={typed.whom === 'chosen' || typed.kinds.length + typed.regions.length > 0}
      >
        <Boxes
          t={t}
          name="orgs"
          label={t('rollcalls.field.orgs')}
          chosen={typed.orgs}
          hint={t('rollcalls.hint.orgs')}
          error={errorsIn(t, errors, 'orgs')}
          options={choices.organisations.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        <Boxes
          t={t}
          name="kinds"
          label={t('rollcalls.field.kinds')}
          chosen={typed.kinds}
          options={choices.kinds.map((value) => ({ value, label: kindName(value, t) }))}
        />
        <Boxes
          t={t}
          name="regions"
          label={t('rollcalls.field.regions')}
          chosen={typed.regions}
          options={choices.regions.map((value) => ({ value, label: regionWords(value, t) }))}
        />
      </Details>
      <Field label={t('rollcalls.field.managers')} name="managers" type="checkbox" checked={typed.managers} />
    </Section>
  )
}

function Answers({ frame: { t }, typed, errors }: EditorProps) {
  return (
    <Section title={t('rollcalls.edit.answers')} lead={t('rollcalls.edit.answers.lead')}>
      {errors.answers && <p class="field-error">{errorsIn(t, errors, 'answers')}</p>}
      {typed.answers.map((one, i) => (
        <div class="written-columns">
          <Field
            label={t('rollcalls.answer.cs', { n: i + 1 })}
            name={`cs_${i + 1}`}
            maxlength={60}
            value={one.cs}
          />
          <Field
            label={t('rollcalls.answer.en', { n: i + 1 })}
            name={`en_${i + 1}`}
            maxlength={60}
            value={one.en}
          />
          <Field
            label={t('rollcalls.answer.note', { n: i + 1 })}
            name={`note_${i + 1}`}
            type="checkbox"
            checked={one.needsNote}
          />
        </div>
      ))}
      <div class="written-columns">
        <Field
          label={t('rollcalls.field.mode')}
          name="mode"
          type="select"
          value={typed.mode}
          options={modes.map((value) => ({ value, label: t(`rollcalls.mode.${value}`) }))}
        />
        <Field
          label={t('rollcalls.field.quorum')}
          name="quorum"
          type="number"
          min={2}
          max={20}
          value={typed.quorum}
          error={errorsIn(t, errors, 'quorum')}
        />
        <Field
          label={t('rollcalls.field.channel')}
          name="channel"
          type="select"
          value={typed.channel}
          hint={t('rollcalls.hint.channel')}
          options={testWays.map((value) => ({ value, label: t(`rollcalls.way.${value}`) }))}
        />
      </div>
    </Section>
  )
}
