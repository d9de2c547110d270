/** The forms by which an application is vetted and refused. */
import { Actions, Button, Field, Form, Section } from '../../../ui/index.ts'
import { comesFrom, needsConfirmed, refusals, type Step } from '../states.ts'
import type { ApplicationProps } from './props.ts'

/** Whether the step is open to who looks. */
export function isOpenTo({ one, judge }: ApplicationProps, step: Step): boolean {
  const from: string[] = comesFrom[judge][step]
  return from.includes(one.state) && (!needsConfirmed[step] || one.confirmedAt !== null)
}

/** What a refused form is drawn with again. */
export const again = (
  { refused }: ApplicationProps,
  form: NonNullable<ApplicationProps['refused']>['form'],
) =>
  refused?.form === form
    ? refused
    : { errors: {} as Record<string, string>, given: {} as Record<string, string> }

export function Vetting(props: ApplicationProps) {
  if (!isOpenTo(props, 'vetted')) return null
  const { frame, one } = props
  const { t } = frame
  const { errors, given } = again(props, 'vetting')
  return (
    <Section title={t('joining.vet.title')} id="vetting" lead={t('joining.vet.lead')}>
      <div class="narrow">
        <Form action={`/applications/${one.id}/vetting`} csrf={frame.csrf} label={t('joining.vet.title')}>
          <Field
            label={t('joining.vet.how')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={given.reason}
            error={errors.reason}
            hint={t('joining.vet.how.hint')}
          />
          <Actions>
            <Button kind="primary">{t('joining.vet.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

export function Refusing(props: ApplicationProps) {
  if (!isOpenTo(props, 'refused')) return null
  const { frame, one } = props
  const { t } = frame
  const { errors, given } = again(props, 'refusal')
  return (
    <details class="details" open={props.refused?.form === 'refusal'} id="refusal">
      <summary>{t('joining.refuse.title')}</summary>
      <div class="details-body narrow">
        <Form action={`/applications/${one.id}/refusal`} csrf={frame.csrf} label={t('joining.refuse.title')}>
          <Field
            label={t('joining.refuse.why')}
            name="why"
            type="select"
            value={given.why}
            error={errors.why}
            options={refusals.map((value) => ({ value, label: t(`joining.refusal.short.${value}`) }))}
          />
          <Field
            label={t('joining.refuse.text')}
            name="text"
            type="textarea"
            rows={3}
            maxlength={900}
            value={given.text}
            error={errors.reason}
            hint={t('joining.refuse.text.hint')}
          />
          <Actions>
            <Button
              kind="danger"
              consequence={t(one.confirmedAt === null ? 'joining.refuse.silent' : 'joining.refuse.mailed')}
            >
              {t('joining.refuse.do')}
            </Button>
          </Actions>
        </Form>
      </div>
    </details>
  )
}
