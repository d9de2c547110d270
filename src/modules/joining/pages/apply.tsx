/** The public application form, what is said after it was sent, and the confirmation of the address. */
import {
  Actions,
  Button,
  Field,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Steps,
} from '../../../ui/index.ts'
import { type Faults, fields, type Typed } from '../form.ts'
import { kinds } from '../states.ts'
import { kindOptions, regionOptions } from './words.ts'

interface ApplyProps {
  frame: PageProps
  /** Where the form is sent to. */
  action: string
  typed: Typed
  faults: Faults
  /** A sentence about the whole form: too quick, too old, too many. */
  problem?: 'quick' | 'old' | 'many' | undefined
  /** Minutes to wait, where there were too many. */
  minutes?: number | undefined
}

export function applyPage(props: ApplyProps): string {
  const { frame, problem, minutes, faults } = props
  const { t } = frame
  const wrong = Object.keys(faults).length
  return html(
    <Page {...frame}>
      {problem && (
        <Notice kind="wrong" title={t(`joining.apply.problem.${problem}.title`)}>
          <p>{t(`joining.apply.problem.${problem}`, { n: minutes ?? 0 })}</p>
        </Notice>
      )}
      {!problem && wrong > 0 && (
        <Notice kind="wrong" title={t('joining.apply.wrong', { n: wrong })}>
          <p>{t('joining.apply.kept')}</p>
        </Notice>
      )}
      <Section title={t('joining.apply.how')}>
        <Steps steps={['form', 'confirm', 'vet', 'invite'].map((step) => t(`joining.apply.how.${step}`))} />
      </Section>
      <Section title={t('joining.apply.title')} id="form">
        <div class="narrow">
          <TheForm {...props} />
        </div>
      </Section>
      <Section title={t('joining.apply.data.title')}>
        <p>{t('joining.apply.data')}</p>
      </Section>
    </Page>,
  )
}

function TheForm(props: ApplyProps) {
  const { frame, action, typed } = props
  const { t } = frame
  return (
    <Form action={action} csrf={frame.csrf} hidden={{ began: typed.began }} label={t('joining.apply.title')}>
      <About {...props} />
      <Person {...props} />
      <div hidden>
        <label for="apply-website">{t('joining.apply.website')}</label>
        <input id="apply-website" name="website" tabIndex={-1} autocomplete="off" />
      </div>
      <Actions>
        <Button kind="primary">{t('joining.apply.do')}</Button>
      </Actions>
    </Form>
  )
}

function About({ frame: { t }, typed, faults }: ApplyProps) {
  const wrong = (field: keyof Faults) => (faults[field] ? t(`joining.wrong.${faults[field]}`) : undefined)
  return (
    <>
      <Field
        label={t('joining.field.kind')}
        name="kind"
        type="select"
        value={typed.kind}
        error={wrong('kind')}
        options={kinds.map((value) => ({ value, label: t(`joining.apply.kind.${value}`) }))}
      />
      <Field
        label={t('joining.field.organisation')}
        name="organisation"
        required
        maxlength={fields.organisation}
        value={typed.organisation}
        error={wrong('organisation')}
        autocomplete="organization"
        hint={t('joining.field.organisation.hint')}
      />
      <Field
        label={t('joining.field.ico')}
        name="ico"
        maxlength={fields.ico}
        inputmode="numeric"
        value={typed.ico}
        error={wrong('ico')}
        hint={t('joining.field.ico.hint')}
      />
      {(faults.ico === 'digit' || typed.icoSure !== '') && (
        <Field
          label={t('joining.field.icoSure')}
          name="icoSure"
          type="checkbox"
          checked={typed.icoSure !== ''}
        />
      )}
      <Field
        label={t('joining.field.orgKind')}
        name="orgKind"
        type="select"
        value={typed.orgKind}
        error={wrong('orgKind')}
        options={kindOptions(t)}
      />
      <Field
        label={t('joining.field.region')}
        name="nuts3"
        type="select"
        value={typed.nuts3}
        error={wrong('nuts3')}
        options={regionOptions(t)}
      />
    </>
  )
}

function Person({ frame: { t }, typed, faults }: ApplyProps) {
  const wrong = (field: keyof Faults) => (faults[field] ? t(`joining.wrong.${faults[field]}`) : undefined)
  const field = (name: 'name' | 'position' | 'email' | 'phone') => ({
    label: t(`joining.field.${name}`),
    name,
    maxlength: fields[name],
    value: typed[name],
    error: wrong(name),
  })
  return (
    <>
      <Field {...field('name')} required autocomplete="name" />
      <Field
        {...field('position')}
        autocomplete="organization-title"
        hint={t('joining.field.position.hint')}
      />
      <Field
        {...field('email')}
        type="email"
        required
        autocomplete="email"
        hint={t('joining.field.email.hint')}
      />
      <Field {...field('phone')} type="tel" autocomplete="tel" hint={t('joining.field.phone.hint')} />
      <Field
        label={t('joining.field.message')}
        name="message"
        type="textarea"
        rows={4}
        maxlength={fields.message}
        value={typed.message}
        error={wrong('message')}
        hint={t('joining.field.message.hint')}
      />
    </>
  )
}

/** The same for everybody, whatever became of the form. */
export function sentPage(frame: PageProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Notice kind="done" title={t('joining.sent.title')}>
        <p>{t('joining.sent')}</p>
        <p>{t('joining.sent.nothing')}</p>
      </Notice>
    </Page>,
  )
}

interface ConfirmProps {
  frame: PageProps
  token: string
  state: 'open' | 'done' | 'over'
  applyAt: string
}

/** A program that opens every link of a mail presses no buttons. */
export function confirmPage({ frame, token, state, applyAt }: ConfirmProps): string {
  const { t } = frame
  if (state === 'over')
    return html(
      <Page {...frame}>
        <Notice kind="careful" title={t('joining.confirm.over.title')}>
          <p>
            {t('joining.confirm.over')} <a href={applyAt}>{t('joining.confirm.again')}</a>
          </p>
        </Notice>
      </Page>,
    )
  if (state === 'done')
    return html(
      <Page {...frame}>
        <Notice kind="done" title={t('joining.confirm.done.title')}>
          <p>{t('joining.confirm.done')}</p>
        </Notice>
      </Page>,
    )
  return html(
    <Page {...frame} lead={t('joining.confirm.lead')}>
      <Form action={`/application/${token}`} csrf={frame.csrf} label={t('joining.confirm.title')}>
        <Actions>
          <Button kind="primary">{t('joining.confirm.do')}</Button>
        </Actions>
      </Form>
    </Page>,
  )
}
