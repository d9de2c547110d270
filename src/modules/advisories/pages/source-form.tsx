/** The form of a source, new or existing. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Page } from '../../../ui/index.ts'
import { advisoryTlps } from '../labels.ts'
import { fetchedKinds, type WantedSource } from '../sources.ts'

export interface SourceFormProps {
  frame: Frame
  /** Null for a new one. */
  id: number | null
  given: WantedSource
  errors: Record<string, string>
}

export function sourceFormPage(props: SourceFormProps): string {
  const { frame, id, given, errors } = props
  const { t, csrf } = frame
  const path = '/advisories/sources'
  return html(
    <Page {...frame} lead={id === null ? t('advisories.source.lead') : given.label}>
      <Form action={id === null ? path : `${path}/${id}`} csrf={csrf} label={frame.title}>
        {id === null && (
          <Field
            label={t('advisories.source.kind')}
            name="kind"
            type="select"
            value={given.kind}
            error={errors.kind}
            options={fetchedKinds.map((value) => ({ value, label: t(`advisories.sourceKind.${value}`) }))}
          />
        )}
        <Field
          label={t('advisories.source.label')}
          name="label"
          required
          maxlength={100}
          value={given.label}
          error={errors.label}
        />
        {given.kind !== 'hand' && (
          <Field
            label={t('advisories.source.url')}
            name="url"
            type="url"
            maxlength={1_000}
            hint={t('advisories.source.url.hint')}
            value={given.url}
            error={errors.url}
          />
        )}
        <Field
          label={t('advisories.source.tlp')}
          name="tlp"
          type="select"
          hint={t('advisories.source.tlp.hint')}
          value={given.tlp}
          error={errors.tlp}
          options={advisoryTlps.map((value) => ({ value, label: `TLP:${value}` }))}
        />
        {given.kind !== 'hand' && (
          <>
            <Field
              label={t('advisories.source.every')}
              name="everyMinutes"
              type="number"
              min={5}
              max={10_080}
              unit="min"
              value={given.everyMinutes}
              error={errors.everyMinutes}
            />
            <Field
              label={t('advisories.source.key')}
              name="key"
              type="textarea"
              rows={4}
              mono
              hint={t('advisories.source.key.hint')}
              value={given.key}
              error={errors.key}
            />
          </>
        )}
        <Actions>
          <Button kind="primary">{t('advisories.source.save')}</Button>
          <a href={path}>{t('advisories.source.back')}</a>
        </Actions>
      </Form>
    </Page>,
  )
}
