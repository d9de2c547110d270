import type { Frame } from '../../../platform/frame.ts'
import { longest, shortest, type Weakness } from '../../../platform/passwords.ts'
import { Actions, Button, EmptyState, Field, Form, html, Page } from '../../../ui/index.ts'

export interface NewPasswordProps {
  frame: Frame
  token: string
  problem?: Weakness | 'differs'
}

export function newPasswordPage({ frame, token, problem }: NewPasswordProps): string {
  const { t } = frame
  const weakness =
    problem && problem !== 'differs'
      ? t(`members.password.${problem}`, { n: problem === 'long' ? longest : shortest })
      : undefined
  return html(
    <Page {...frame} lead={t('members.newPassword.lead')}>
      <div class="narrow">
        <Form action={`/new-password/${encodeURIComponent(token)}`} csrf={frame.csrf} noTurbo>
          <Field
            label={t('members.newPassword.password')}
            name="password"
            type="password"
            autocomplete="new-password"
            hint={t('members.newPassword.hint', { n: shortest })}
            error={weakness}
            maxlength={longest}
            required
            autofocus
          />
          <Field
            label={t('members.newPassword.again')}
            name="again"
            type="password"
            autocomplete="new-password"
            error={problem === 'differs' ? t('members.newPassword.differs') : undefined}
            maxlength={longest}
            required
          />
          <Actions>
            <Button kind="primary">{t('members.newPassword.submit')}</Button>
          </Actions>
        </Form>
      </div>
    </Page>,
  )
}

/** A link that was used, is over, or never was: all the same to whoever opens it. */
export function overPage(frame: Frame): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <EmptyState
        title={t('members.newPassword.over.title')}
        actions={
          <Button kind="primary" href="/forgotten-password">
            {t('members.newPassword.over.ask')}
          </Button>
        }
      >
        <p>{t('members.newPassword.over')}</p>
      </EmptyState>
    </Page>,
  )
}
