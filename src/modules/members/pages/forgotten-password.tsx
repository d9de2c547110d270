import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page } from '../../../ui/index.ts'

export interface ForgottenProps {
  frame: Frame
  phone: string | null
  /** Filled in for those who are signed in. */
  email?: string
  isWrong?: boolean
  isSent?: boolean
}

/** Asks for the address; says the same whether there is an account or not. */
export function forgottenPage({ frame, phone, email, isWrong, isSent }: ForgottenProps): string {
  const { t } = frame
  if (isSent)
    return html(
      <Page {...frame}>
        <Notice kind="done" title={t('members.forgotten.sent.title')}>
          <p>{t('members.forgotten.sent')}</p>
          {phone && <p>{t('members.forgotten.phone', { phone })}</p>}
        </Notice>
        <p>
          <a href={frame.actor ? '/account' : '/sign-in'}>
            {t(frame.actor ? 'members.account.title' : 'members.forgotten.back')}
          </a>
        </p>
      </Page>,
    )
  return html(
    <Page {...frame} lead={t('members.forgotten.lead')}>
      <div class="narrow">
        <Form action="/forgotten-password" csrf={frame.csrf} noTurbo>
          <Field
            label={t('members.signIn.email')}
            name="email"
            type="email"
            value={email}
            autocomplete="username"
            maxlength={254}
            required
            autofocus
            error={isWrong ? t('members.forgotten.wrong') : undefined}
          />
          <Actions>
            <Button kind="primary">{t('members.forgotten.submit')}</Button>
            {!frame.actor && <a href="/sign-in">{t('members.forgotten.back')}</a>}
          </Actions>
        </Form>
      </div>
    </Page>,
  )
}
