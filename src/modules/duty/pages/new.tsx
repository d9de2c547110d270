/** The form of a new duty. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Page } from '../../../ui/index.ts'

interface NewProps {
  frame: Frame
  /** For whom the reader may begin one; an empty value stands for the coordinators. */
  owners: { value: string; label: string }[]
  given: { org: string; name: string; holidays: 'ignored' | 'sunday' }
  errors: Record<string, string>
}

export function newPage({ frame, owners, given, errors }: NewProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('duty.new.lead')}>
      <Form action="/duty" csrf={frame.csrf} label={frame.title}>
        <Field label={t('duty.of')} name="org" type="select" value={given.org} options={owners} />
        <Field
          label={t('duty.name')}
          name="name"
          required
          maxlength={60}
          value={given.name}
          placeholder={t('duty.name.example')}
          error={errors.name}
        />
        <Field
          label={t('duty.holidays')}
          name="holidays"
          type="select"
          value={given.holidays}
          hint={t('duty.holidays.hint')}
          options={(['ignored', 'sunday'] as const).map((value) => ({
            value,
            label: t(`duty.holidays.${value}`),
          }))}
        />
        <Actions>
          <Button kind="primary">{t('duty.new.do')}</Button>
          <Button href="/duty" kind="quiet">
            {t('duty.back')}
          </Button>
        </Actions>
      </Form>
    </Page>,
  )
}
