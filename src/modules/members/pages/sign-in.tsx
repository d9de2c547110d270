import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page } from '../../../ui/index.ts'

export interface SignInProps {
  frame: Frame
  /** Path of ours to go to afterwards. */
  back: string
  email?: string
  demo: boolean
  problem?: { kind: 'wrong' } | { kind: 'wait'; ms: number }
  done?: 'out' | 'password' | 'joined'
}

/** First what hSOC is, then the form; a refusal keeps the address that was typed. */
export function signInPage(props: SignInProps): string {
  const { frame, back, email, demo, done } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('members.signIn.what')}>
      {done && <Notice kind="done">{t(`members.signIn.done.${done}`)}</Notice>}
      <Problem {...props} />
      {demo && <Notice>{t('members.signIn.demo')}</Notice>}
      <div class="narrow">
        <Form action="/sign-in" hidden={{ back: back === '/' ? undefined : back }} noTurbo>
          <Field
            label={t('members.signIn.email')}
            name="email"
            type="email"
            value={email}
            autocomplete="username"
            maxlength={254}
            required
            autofocus={!email}
          />
          <Field
            label={t('members.signIn.password')}
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength={200}
            required
            autofocus={Boolean(email)}
          />
          <Actions>
            <Button kind="primary">{t('members.signIn.submit')}</Button>
            <a href="/forgotten-password">{t('members.signIn.forgotten')}</a>
          </Actions>
        </Form>
      </div>
    </Page>,
  )
}

function Problem({ frame: { t }, problem }: SignInProps) {
  if (!problem) return null
  if (problem.kind === 'wrong')
    return (
      <Notice kind="wrong" title={t('members.signIn.wrong.title')}>
        {t('members.signIn.wrong')}
      </Notice>
    )
  const seconds = Math.ceil(problem.ms / 1_000)
  return (
    <Notice kind="wrong" title={t('members.signIn.wait.title')}>
      {seconds <= 60
        ? t('members.signIn.wait.seconds', { n: seconds })
        : t('members.signIn.wait.minutes', { n: Math.ceil(seconds / 60) })}
    </Notice>
  )
}
