/** What the link of two colleagues opens: the password, and then new means of sign-in. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, EmptyState, Field, Form, html, Notice, Page } from '../../../ui/index.ts'
import { type Problem, Wait } from './problem.tsx'

export interface RecoverProps {
  frame: Frame
  token: string
  problem?: Problem
}

export function recoverPage({ frame, token, problem }: RecoverProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('members.recover.lead')}>
      {problem?.kind === 'wrong' && (
        <Notice kind="wrong" title={t('members.again.wrong.title')}>
          {t('members.recover.wrong')}
        </Notice>
      )}
      {problem?.kind === 'wait' && <Wait t={t} ms={problem.ms} />}
      <div class="narrow">
        <Form action={`/recover/${encodeURIComponent(token)}`} csrf={frame.csrf} noTurbo>
          <Field
            label={t('members.signIn.password')}
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength={200}
            required
            autofocus
          />
          <Actions>
            <Button kind="primary" consequence={t('members.recover.effect')}>
              {t('members.recover.submit')}
            </Button>
          </Actions>
        </Form>
        <p>
          <a href="/forgotten-password">{t('members.signIn.forgotten')}</a>
        </p>
      </div>
    </Page>,
  )
}

/** A link that was used, is over, or never was: all the same to whoever opens it. */
export function overRecoverPage(frame: Frame, phone: string | null): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <EmptyState title={t('members.newPassword.over.title')}>
        <p>{t('members.recover.over')}</p>
        {phone && <p>{t('members.forgotten.phone', { phone })}</p>}
      </EmptyState>
    </Page>,
  )
}
