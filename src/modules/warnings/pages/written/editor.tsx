/** Writing a warning: how it is meant, the text in both languages side by side, and whom it asks. */
import type { T } from '../../../../platform/i18n.ts'
import { Actions, Button, Details, Field, Form, Notice, Section } from '../../../../ui/index.ts'
import { audiences } from '../../../../values/audience.ts'
import { tlps } from '../../../../values/tlp.ts'
import { longest } from '../../written/draft.ts'
import { kinds, parts } from '../../written/types.ts'
import { nameOf } from '../both-cells.tsx'
import { Boxes } from './boxes.tsx'
import { Asked } from './editor-asked.tsx'
import type { EditorProps } from './editor-props.ts'
import { said } from './words.tsx'

const severities = [1, 2, 3, 4]
const rows = { title: 2, happened: 7, concerns: 5, todo: 7 }

export function Editor(props: EditorProps) {
  const { frame, errors } = props
  const { t } = frame
  return (
    <Form
      action={props.action}
      csrf={frame.csrf}
      hidden={props.shown ?? {}}
      label={t('written.edit.form')}
      class="written-form"
    >
      <Wrong t={t} errors={errors} />
      <Meaning {...props} />
      <Texts {...props} />
      <Asked {...props} />
      {props.changing && <Changed {...props} />}
      <Actions>
        <Button kind="primary">{t('written.edit.save')}</Button>
      </Actions>
    </Form>
  )
}

/** What stops it, field by field. */
export function Wrong({ t, errors }: { t: T; errors: Record<string, string> }) {
  if (Object.keys(errors).length === 0) return null
  return (
    <Notice kind="wrong" title={t('written.error.title')}>
      <ul>
        {Object.entries(errors).map(([field, code]) => (
          <li>
            {t(`written.field.${field}`)}: {t(`written.error.${code}`)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function Meaning({ frame: { t }, typed, choices, errors }: EditorProps) {
  const error = (field: string): string | undefined => said(t, errors, field)
  return (
    <Section title={t('written.edit.meaning')}>
      <div class="written-columns">
        <Field
          label={t('written.field.kind')}
          name="kind"
          type="select"
          value={typed.kind}
          error={error('kind')}
          options={kinds.map((value) => ({ value, label: t(`written.kind.${value}`) }))}
        />
        <Field
          label={t('written.field.severity')}
          name="severity"
          type="select"
          value={typed.severity}
          error={error('severity')}
          hint={t('written.hint.severity')}
          options={severities.map((n) => ({ value: String(n), label: t(`ui.severity.${nameOf(n)}`) }))}
        />
        <Field
          label="TLP"
          name="tlp"
          type="select"
          value={typed.tlp}
          error={error('tlp')}
          options={tlps.map((value) => ({ value, label: `TLP:${value}` }))}
        />
        <Field
          label={t('written.field.audience')}
          name="audience"
          type="select"
          value={typed.audience}
          error={error('audience')}
          options={audiences.map((value) => ({ value, label: t(`written.audience.${value}`) }))}
        />
      </div>
      <Details
        summary={t('written.edit.who')}
        open={['organisations', 'group'].includes(typed.audience) || typed.tlp === 'RED'}
      >
        <Boxes
          t={t}
          name="orgs"
          label={t('written.field.orgs')}
          chosen={typed.orgs}
          error={error('orgs')}
          hint={t('written.hint.orgs')}
          options={choices.organisations.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        <Field
          label={t('written.field.group')}
          name="group"
          type="select"
          value={typed.group}
          error={error('group')}
          hint={t('written.hint.group')}
          options={[
            { value: '', label: t('written.none') },
            ...choices.groups.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
        <Field
          label={t('written.field.named')}
          name="named"
          type="textarea"
          rows={3}
          value={typed.named}
          error={error('named')}
          hint={t('written.hint.named')}
        />
      </Details>
      <div class="written-columns">
        <Field
          label={t('written.field.actionBy')}
          name="actionBy"
          type="date"
          value={typed.actionBy}
          error={error('actionBy')}
        />
        <Field
          label={t('written.field.validUntil')}
          name="validUntil"
          type="datetime-local"
          value={typed.validUntil}
          error={error('validUntil')}
          hint={t('written.hint.validUntil')}
        />
      </div>
    </Section>
  )
}

/** Both languages in one row a part, so that one is read against the other. */
function Texts({ frame: { t }, typed, errors, translation }: EditorProps) {
  return (
    <Section title={t('written.edit.texts')} lead={translation && t(`written.translation.${translation}`)}>
      {parts.map((part) => (
        <div class="written-columns">
          {(['cs', 'en'] as const).map((lang) => (
            <Field
              label={`${t(`written.part.${part}`)} – ${t(`written.lang.${lang}`)}`}
              name={`${lang}_${part}`}
              type="textarea"
              rows={rows[part]}
              maxlength={part === 'title' ? longest.title : longest.part}
              value={typed[lang][part]}
              error={said(t, errors, `texts.${lang}.${part}`)}
            />
          ))}
        </div>
      ))}
      <Field
        label={t('written.field.translated')}
        name="translated"
        type="checkbox"
        checked={typed.translated}
        hint={t('written.hint.translated')}
      />
      <Field
        label={t('written.refs')}
        name="refs"
        type="textarea"
        rows={3}
        maxlength={4000}
        value={typed.refs}
        error={said(t, errors, 'refs')}
      />
    </Section>
  )
}

function Changed({ frame: { t }, typed, errors }: EditorProps) {
  return (
    <Section title={t('written.edit.changed')}>
      <Field
        label={t('written.field.changeNote')}
        name="changeNote"
        type="textarea"
        rows={3}
        maxlength={2000}
        value={typed.changeNote}
        error={said(t, errors, 'changeNote')}
        hint={t('written.hint.changeNote')}
      />
      <Field
        label={t('written.field.change')}
        name="change"
        type="select"
        value={typed.substantive ? 'substantive' : 'editorial'}
        options={['substantive', 'editorial'].map((value) => ({
          value,
          label: t(`written.change.${value}`),
        }))}
      />
    </Section>
  )
}
