import { monthTitle } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Code, Field, type Flash, Form, html, Page, Section } from '../../../ui/index.ts'
import type { KeptVersion, WantedVersion } from '../memorandum.ts'
import type { SignatureLine, WantedSignature } from '../signatures.ts'
import { SignatureFields } from './signature-form.tsx'
import { SignatureTable } from './signature-table.tsx'

export interface VersionProps {
  frame: Frame
  isCoordinator: boolean
  version: KeptVersion
  signatures: SignatureLine[]
  /** For coordinators: who signed an older version and not this one. */
  onlyBefore: { id: number; name: string }[]
  flash?: Flash
  refused?: { errors: Record<string, string>; given: WantedSignature & { organisation: string } }
}

export function versionPage(props: VersionProps): string {
  const { frame, version, isCoordinator, onlyBefore } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={`${monthTitle(version.month, t)}, ${t(`members.member.language.${version.language}`)}`}
      flash={props.flash}
    >
      {isCoordinator && (
        <Actions>
          <Button href={`/memorandum/${version.number}/edit`}>{t('memorandum.version.edit')}</Button>
          {version.published ? (
            <a href={`/${t.lang}/memorandum/${version.number}`}>{t('memorandum.public')}</a>
          ) : (
            <span class="muted">{t('memorandum.notPublic')}</span>
          )}
        </Actions>
      )}
      <div class="prose" lang={version.language}>
        {version.text === ''
          ? t('memorandum.text.none')
          : version.text.split(/\n{2,}/).map((part) => <p key={part}>{part}</p>)}
      </div>
      {version.fileSha256 && (
        <p class="muted">
          {t('memorandum.sha256')} <Code t={t} text={version.fileSha256} copy />
        </p>
      )}
      <Section title={t('memorandum.signatures')} id="signatures">
        <SignatureTable frame={frame} signatures={props.signatures} isCoordinator={isCoordinator} />
      </Section>
      {isCoordinator && onlyBefore.length > 0 && (
        <Section title={t('memorandum.onlyBefore')} lead={t('memorandum.onlyBefore.lead')}>
          <ul>
            {onlyBefore.map((one) => (
              <li key={one.id}>
                <a href={`/members/${one.id}`}>{one.name}</a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {isCoordinator && <Sign {...props} />}
    </Page>,
  )
}

function Sign({ frame: { t, csrf }, version, refused }: VersionProps) {
  const { errors, given } = refused ?? {
    errors: {},
    given: { organisation: '', signatoryName: '', day: '', state: 'declared', contact: '', nameShown: '' },
  }
  return (
    <Section title={t('memorandum.sign')} id="sign">
      <div class="narrow">
        <Form action={`/memorandum/${version.number}/signatures`} csrf={csrf} label={t('memorandum.sign')}>
          <Field
            label={t('memorandum.organisation')}
            name="organisation"
            required
            maxlength={200}
            value={given.organisation}
            error={errors.organisation}
            hint={t('memorandum.organisation.hint')}
          />
          <SignatureFields t={t} given={given} errors={errors} states={['declared', 'signed']} />
          <Actions>
            <Button kind="primary">{t('memorandum.sign.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

export interface VersionFormProps {
  frame: Frame
  /** Null for a new one. */
  number: number | null
  given: WantedVersion
  errors?: Record<string, string>
}

export function versionFormPage({ frame, number, given, errors = {} }: VersionFormProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Form
        action={number === null ? '/memorandum' : `/memorandum/${number}`}
        csrf={frame.csrf}
        label={frame.title}
      >
        {number === null && (
          <Field
            label={t('memorandum.number')}
            name="number"
            inputmode="numeric"
            required
            value={given.number}
            error={errors.number}
          />
        )}
        <Field
          label={t('memorandum.month')}
          name="month"
          placeholder="2021-08"
          required
          maxlength={7}
          value={given.month}
          error={errors.month}
          hint={t('memorandum.month.hint')}
        />
        <Field
          label={t('memorandum.language')}
          name="language"
          type="select"
          value={given.language}
          options={(['cs', 'en'] as const).map((value) => ({
            value,
            label: t(`members.member.language.${value}`),
          }))}
        />
        <Field
          label={t('memorandum.heading')}
          name="title"
          required
          maxlength={200}
          value={given.title}
          error={errors.title}
        />
        <Field
          label={t('memorandum.text')}
          name="text"
          type="textarea"
          rows={16}
          value={given.text}
          error={errors.text}
          hint={t('memorandum.text.hint')}
        />
        <Field
          label={t('memorandum.sha256')}
          name="fileSha256"
          mono
          maxlength={64}
          value={given.fileSha256}
          error={errors.fileSha256}
          hint={t('memorandum.sha256.hint')}
        />
        <Field
          type="checkbox"
          label={t('memorandum.published')}
          name="published"
          checked={given.published === '1'}
          hint={t('memorandum.published.hint')}
        />
        <Actions>
          <Button kind="primary">{t('memorandum.save')}</Button>
          <a href={number === null ? '/memorandum' : `/memorandum/${number}`}>{t('memorandum.back')}</a>
        </Actions>
      </Form>
    </Page>,
  )
}
