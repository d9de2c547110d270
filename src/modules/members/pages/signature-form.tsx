import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, Facts, Field, Form, html, Page } from '../../../ui/index.ts'
import {
  type SignatureLine,
  type SignatureState,
  signatureStates,
  type WantedSignature,
} from '../signatures.ts'
import { signedIn } from './names.ts'

export function SignatureFields(props: {
  t: T
  given: WantedSignature
  errors: Record<string, string>
  states: readonly SignatureState[]
}) {
  const { t, given, errors, states } = props
  return (
    <>
      <Field
        label={t('memorandum.signatory')}
        name="signatoryName"
        required
        maxlength={200}
        value={given.signatoryName}
        error={errors.signatoryName}
        hint={t('memorandum.signatory.hint')}
      />
      <Field
        label={t('memorandum.day')}
        name="day"
        maxlength={40}
        value={given.day}
        error={errors.day}
        hint={t('memorandum.day.hint')}
      />
      <Field
        label={t('memorandum.state')}
        name="state"
        type="select"
        value={given.state}
        error={errors.state}
        options={states.map((value) => ({ value, label: t(`memorandum.state.${value}`) }))}
      />
      <Field
        label={t('memorandum.contact')}
        name="contact"
        type="email"
        maxlength={254}
        value={given.contact}
        error={errors.contact}
        hint={t('memorandum.contacts.what')}
      />
      <Field
        type="checkbox"
        label={t('memorandum.nameShown')}
        name="nameShown"
        checked={given.nameShown === '1'}
        hint={t('memorandum.nameShown.hint')}
      />
    </>
  )
}

export interface SignatureProps {
  frame: Frame
  signature: SignatureLine
  refused?: { errors: Record<string, string>; given: WantedSignature }
}

export function signaturePage({ frame, signature, refused }: SignatureProps): string {
  const { t } = frame
  const { errors, given } = refused ?? {
    errors: {},
    given: {
      signatoryName: signature.signatoryName,
      day: dayTyped(signature),
      state: signature.state,
      contact: '',
      nameShown: signature.nameShown ? '1' : '',
    },
  }
  return html(
    <Page {...frame}>
      <Facts
        facts={[
          {
            label: t('memorandum.institution'),
            value: <a href={`/members/${signature.org}`}>{signature.institution}</a>,
          },
          {
            label: t('memorandum.version'),
            value: (
              <a href={`/memorandum/${signature.version}`}>
                {t('memorandum.version.n', { n: signature.version })}
              </a>
            ),
          },
          { label: t('memorandum.day'), value: signedIn(signature, t) },
          signature.contacts.length > 0 && {
            label: t('memorandum.contacts'),
            value: signature.contacts.join(', '),
          },
        ]}
      />
      <div class="narrow">
        <Form action={`/signatures/${signature.id}`} csrf={frame.csrf} label={frame.title}>
          <SignatureFields t={t} given={given} errors={errors} states={signatureStates} />
          <Actions>
            <Button kind="primary">{t('memorandum.save')}</Button>
            <a href={`/memorandum/${signature.version}`}>{t('memorandum.back')}</a>
          </Actions>
        </Form>
      </div>
    </Page>,
  )
}

/** As the form reads it again. */
function dayTyped({ day, precision }: SignatureLine): string {
  if (day === null) return ''
  return precision === 'year' ? day.slice(0, 4) : precision === 'month' ? day.slice(0, 7) : day
}
