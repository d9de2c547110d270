/** The form of a text: a new one, and the next version of one that is there. */
import type { Lang, T } from '../../../platform/i18n.ts'
import { Actions, Button, Field, Notice, Section } from '../../../ui/index.ts'
import { longestBody } from '../markdown.ts'
import { longestPlace, type OccasionKind, occasionKinds } from '../occasions.ts'
import { longest, type Words } from '../texts.ts'
import { Prose } from './text.tsx'

/** Field -> key of a sentence under `site.error`. */
export type Errors = Record<string, string>

export const errorIn = (t: T, errors: Errors, field: string): string | undefined => {
  const key = errors[field]
  return key === undefined ? undefined : t(`site.error.${key}`)
}

export function WordFields({ t, given, errors }: { t: T; given: Words; errors: Errors }) {
  return (
    <>
      <Field
        label={t('site.field.title')}
        name="title"
        required
        value={given.title}
        maxlength={longest.title}
        error={errorIn(t, errors, 'title')}
      />
      <Field
        label={t('site.field.summary')}
        name="summary"
        type="textarea"
        rows={3}
        value={given.summary}
        maxlength={longest.summary}
        error={errorIn(t, errors, 'summary')}
        hint={t('site.field.summary.hint')}
      />
      <Field
        label={t('site.field.body')}
        name="body"
        type="textarea"
        rows={22}
        mono
        value={given.body}
        error={errorIn(t, errors, 'body')}
        hint={t('site.field.body.hint', { n: longestBody })}
      />
    </>
  )
}

export interface ScheduleForm {
  kind: OccasionKind
  starts: string
  ends: string
  place: string
}

export function ScheduleFields(props: { t: T; given: ScheduleForm; errors: Errors; zone: string }) {
  const { t, given, errors, zone } = props
  return (
    <>
      <Field
        label={t('site.occasion.kind')}
        name="occasion_kind"
        type="select"
        value={given.kind}
        options={occasionKinds.map((kind) => ({ value: kind, label: t(`site.occasion.kind.${kind}`) }))}
      />
      <Field
        label={t('site.field.starts', { zone })}
        name="starts"
        type="datetime-local"
        required
        value={given.starts}
        error={errorIn(t, errors, 'starts')}
      />
      <Field
        label={t('site.field.ends', { zone })}
        name="ends"
        type="datetime-local"
        required
        value={given.ends}
        error={errorIn(t, errors, 'ends')}
      />
      <Field
        label={t('site.occasion.place')}
        name="place"
        value={given.place}
        maxlength={longestPlace}
        error={errorIn(t, errors, 'place')}
      />
    </>
  )
}

export function SaveButtons({ t }: { t: T }) {
  return (
    <Actions>
      <Button kind="primary" name="do" value="save">
        {t('site.edit.save')}
      </Button>
      <Button name="do" value="preview">
        {t('site.edit.preview')}
      </Button>
    </Actions>
  )
}

/** How what was typed will look; nothing of it is saved yet. */
export function Preview({ t, words, lang }: { t: T; words: Words; lang: Lang }) {
  return (
    <Section title={t('site.preview.title')} id="preview">
      <Notice>
        <p>{t('site.preview.unsaved')}</p>
      </Notice>
      <div lang={lang}>
        <h3>{words.title}</h3>
        <p class="page-lead">{words.summary}</p>
        <Prose markdown={words.body} />
      </div>
    </Section>
  )
}
