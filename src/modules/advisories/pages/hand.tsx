/** The form of an advisory that coordinators write. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page, severityNames } from '../../../ui/index.ts'
import { advisoryTlps } from '../labels.ts'
import type { HandForm } from '../schema.ts'

export interface HandProps {
  frame: Frame
  /** Null for a new one. */
  id: number | null
  given: HandForm
  errors: Record<string, string>
  /** Somebody changed it meanwhile. */
  problem?: boolean
}

export function handPage(props: HandProps): string {
  const { frame, id, given, errors, problem } = props
  const { t, csrf } = frame
  const back = id === null ? '/advisories' : `/advisories/${id}`
  const field = (name: 'title' | 'text' | 'action' | 'link' | 'cves' | 'products') => ({
    name,
    label: t(`advisories.hand.${name}`),
    value: given[name],
    error: errors[name],
  })
  return html(
    <Page {...frame} lead={t('advisories.hand.lead')}>
      {problem && (
        <Notice
          kind="wrong"
          title={t('advisories.hand.meanwhile')}
          actions={<a href={back}>{t('advisories.old.present')}</a>}
        />
      )}
      <Form
        action={id === null ? '/advisories' : back}
        csrf={csrf}
        hidden={{ base: given.base }}
        label={frame.title}
      >
        <Field {...field('title')} required maxlength={300} />
        <Field {...field('text')} type="textarea" rows={6} required maxlength={20_000} />
        <Field {...field('action')} type="textarea" rows={4} maxlength={20_000} />
        <Field {...field('products')} type="textarea" rows={4} hint={t('advisories.hand.products.hint')} />
        <Field {...field('cves')} hint={t('advisories.hand.cves.hint')} mono maxlength={2_000} />
        <Field {...field('link')} type="url" maxlength={2_000} />
        <Field
          label={t('advisories.severity')}
          name="severity"
          type="select"
          value={given.severity}
          error={errors.severity}
          options={[
            { value: '', label: t('advisories.severity.none') },
            ...severityNames.map((name, level) => ({
              value: String(level),
              label: t(`ui.severity.${name}`),
            })),
          ]}
        />
        <Field
          label={t('advisories.exploited.yes')}
          name="exploited"
          type="checkbox"
          checked={given.exploited !== undefined}
          hint={t('advisories.hand.exploited.hint')}
        />
        <Field
          label={t('advisories.safety.yes')}
          name="safety"
          type="checkbox"
          checked={given.safety !== undefined}
        />
        <Field
          label="TLP"
          name="tlp"
          type="select"
          value={given.tlp}
          error={errors.tlp}
          hint={t('advisories.tlp.hint')}
          options={advisoryTlps.map((value) => ({ value, label: `TLP:${value}` }))}
        />
        <Actions>
          <Button kind="primary">{t('advisories.hand.save')}</Button>
          <a href={back}>{t('advisories.back')}</a>
        </Actions>
      </Form>
    </Page>,
  )
}
