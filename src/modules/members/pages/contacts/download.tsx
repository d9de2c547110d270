/** Taking the book along for the day when the network is down: the passphrase, and how the file is opened. */
import type { Frame } from '../../../../platform/frame.ts'
import { Button, Field, Form, html, Page, Section, Steps } from '../../../../ui/index.ts'
import { shortestPassphrase } from '../../contacts/download.ts'

interface DownloadProps {
  frame: Frame
  /** Organisations and entries that the file would hold. */
  organisations: number
  entries: number
  passphrase: string
  error?: string | undefined
}

export function downloadPage({ frame, organisations, entries, passphrase, error }: DownloadProps): string {
  const { t, csrf } = frame
  return html(
    <Page {...frame} lead={t('contacts.file.lead')} narrow>
      <p>
        {t('contacts.file.organisations', { n: organisations })}, {t('contacts.file.entries', { n: entries })}
        .
      </p>
      <Form action="/contacts/download" csrf={csrf} noTurbo>
        <Field
          label={t('contacts.file.passphrase')}
          name="passphrase"
          value={passphrase}
          required
          maxlength={200}
          mono
          autocomplete="off"
          hint={t('contacts.file.passphraseHint', { n: shortestPassphrase })}
          error={error && t(`contacts.error.passphrase.${error}`)}
        />
        <Button kind="primary">{t('contacts.file.do')}</Button>
      </Form>
      <Section title={t('contacts.file.how')} id="how">
        <Steps
          steps={['keep', 'program', 'open', 'renew'].map((step) => <>{t(`contacts.file.how.${step}`)}</>)}
        />
      </Section>
    </Page>,
  )
}
