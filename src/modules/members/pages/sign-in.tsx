import type { Frame } from '../../../platform/frame.ts'
import type { Provider } from '../../../platform/providers.ts'
import { Actions, Button, Field, Form, html, Notice, Page } from '../../../ui/index.ts'
import { PasskeyForm } from './passkey-form.tsx'
import { type Problem, Wait } from './problem.tsx'
import { type Farewell, FarewellNotice, ProviderButtons } from './providers.tsx'

export interface SignInProps {
  frame: Frame
  /** Path of ours to go to afterwards. */
  back: string
  email?: string
  demo: boolean
  /** No role is asked for a second factor here. */
  isOff: boolean
  /** Passkeys can work at the installation's address. */
  passkeys: boolean
  providers: Provider[]
  /** Where who has just signed out can sign out of the provider too. */
  farewell?: Farewell
  problem?: Problem & { by?: 'passkey' }
  done?: 'out' | 'password' | 'joined'
}

/** First what hSOC is, then the form; a refusal keeps the address that was typed. */
export function signInPage(props: SignInProps): string {
  const { frame, back, email, demo, isOff, done } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('members.signIn.what')}>
      {done && <Notice kind="done">{t(`members.signIn.done.${done}`)}</Notice>}
      {props.farewell && <FarewellNotice t={t} {...props.farewell} />}
      <Trouble {...props} />
      {demo && <Notice>{t('members.signIn.demo')}</Notice>}
      {isOff && <Notice>{t('members.signIn.off')}</Notice>}
      <div class="narrow">
        {props.passkeys && (
          <PasskeyForm
            t={t}
            does="use"
            action="/sign-in/passkey"
            options="/sign-in/passkey/options"
            field="response"
            hidden={{ back: back === '/' ? undefined : back }}
            label={t('members.signIn.passkey')}
            below={t('members.signIn.or')}
          />
        )}
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
        <ProviderButtons t={t} providers={props.providers} back={back} />
      </div>
    </Page>,
  )
}

function Trouble({ frame: { t }, problem }: SignInProps) {
  if (!problem) return null
  if (problem.kind === 'wait') return <Wait t={t} ms={problem.ms} />
  const key = problem.by === 'passkey' ? 'members.signIn.wrong.passkey' : 'members.signIn.wrong'
  return (
    <Notice kind="wrong" title={t('members.signIn.wrong.title')}>
      {t(key)}
    </Notice>
  )
}
