/** A new text: in the language it is written in first; the other one follows on its page. */
import { type Lang, langs } from '../../../platform/i18n.ts'
import { Field, Form, html, Page, type PageProps } from '../../../ui/index.ts'
import type { Kind } from '../places.ts'
import type { Words } from '../texts.ts'
import {
  type Errors,
  errorIn,
  Preview,
  SaveButtons,
  ScheduleFields,
  type ScheduleForm,
  WordFields,
} from './edit-form.tsx'

export interface NewForm extends Words {
  lang: Lang
  slugs: Record<Lang, string>
  schedule: ScheduleForm
}

interface NewProps {
  frame: PageProps & { zone: string }
  kind: Kind
  given: NewForm
  errors: Errors
  preview: boolean
}

export function newTextPage({ frame, kind, given, errors, preview }: NewProps): string {
  const { t, zone } = frame
  return html(
    <Page {...frame}>
      {preview && <Preview t={t} words={given} lang={given.lang} />}
      {/* The preview is an answer without a redirect, which Turbo would not show. */}
      <Form action="/site/texts" csrf={frame.csrf} hidden={{ kind }} label={frame.title} noTurbo>
        <Field
          label={t('site.field.lang')}
          name="lang"
          type="select"
          value={given.lang}
          options={langs.map((lang) => ({ value: lang, label: t(`site.lang.${lang}`) }))}
        />
        <WordFields t={t} given={given} errors={errors} />
        {kind === 'occasion' && <ScheduleFields t={t} given={given.schedule} errors={errors} zone={zone} />}
        {langs.map((lang) => (
          <Field
            key={lang}
            label={t('site.field.slug', { lang: t(`site.lang.${lang}`) })}
            name={`slug_${lang}`}
            mono
            value={given.slugs[lang]}
            maxlength={80}
            error={errorIn(t, errors, `slug_${lang}`)}
            hint={t('site.field.slug.hint')}
          />
        ))}
        <SaveButtons t={t} />
      </Form>
    </Page>,
  )
}
