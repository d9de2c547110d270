/** A coordinator's own entry: what, why, for how long. */
import { Button, Details, Field, Form } from '../../../../ui/index.ts'
import type { ReviewProps } from './review-props.ts'

export function Enter({ frame: { t, csrf }, entry }: ReviewProps) {
  return (
    <Details summary={t('blocklists.enter')} open={entry !== undefined}>
      <Form action="/blocklists/review/items" csrf={csrf} label={t('blocklists.enter')}>
        <Field
          label={t('blocklists.value')}
          name="value"
          required
          mono
          value={entry?.given.value}
          hint={t('blocklists.value.hint')}
          error={entry?.errors.value}
        />
        <Field
          label={t('blocklists.why')}
          name="reason"
          required
          maxlength={500}
          value={entry?.given.reason}
          error={entry?.errors.reason}
        />
        <Field
          label={t('blocklists.enter.days')}
          name="days"
          inputmode="numeric"
          value={entry?.given.days}
          hint={t('blocklists.enter.daysHint')}
          error={entry?.errors.days}
          unit={t('blocklists.daysUnit')}
        />
        <Button kind="primary">{t('blocklists.enter.do')}</Button>
      </Form>
    </Details>
  )
}
