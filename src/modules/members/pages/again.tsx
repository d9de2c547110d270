/** Asks once more who one is before a dangerous act, and then carries that act out with what was typed. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, html, Notice, Page } from '../../../ui/index.ts'
import { PasskeyForm } from './passkey-form.tsx'
import { type Problem, Wait } from './problem.tsx'
import { AgainThere } from './providers.tsx'

export interface AgainProps {
  frame: Frame
  /** Where the kept form was going. */
  to: string
  /** Fields of the kept form, in order. */
  kept: [name: string, value: string][]
  /** A code or a passkey is asked for; else the password. */
  hasSecond: boolean
  /** Where the session began somebody else may confirm it. */
  there: boolean
  /** That was not done yet. */
  isPending?: boolean
  problem?: Problem
}

export function againPage(props: AgainProps): string {
  const { frame, to, kept, hasSecond, there, isPending, problem } = props
  const { t } = frame
  const fields = [...kept, ['_to', to] as const]
  const hidden = fields.map(([name, value]) => <input type="hidden" name={name} value={value} />)
  return html(
    <Page {...frame} lead={t('members.again.lead')}>
      {problem?.kind === 'wrong' && (
        <Notice kind="wrong" title={t('members.again.wrong.title')}>
          {t(hasSecond ? 'members.second.wrong' : 'members.again.wrong')}
        </Notice>
      )}
      {problem?.kind === 'wait' && <Wait t={t} ms={problem.ms} />}
      {isPending && (
        <Notice kind="wrong" title={t('members.again.wrong.title')}>
          {t('providers.again.pending')}
        </Notice>
      )}
      <div class="narrow">
        {there && <AgainThere t={t}>{hidden}</AgainThere>}
        {hasSecond && (
          <PasskeyForm
            t={t}
            does="use"
            action="/sign-in/again"
            options="/sign-in/passkey/options"
            field="_again_response"
            label={t('members.again.passkey')}
            kind="plain"
          >
            {hidden}
          </PasskeyForm>
        )}
        <form action="/sign-in/again" method="post" class="form" data-turbo="false">
          {hidden}
          {hasSecond ? (
            <Field
              label={t('members.second.code')}
              name="_again_code"
              hint={t('members.second.code.hint')}
              autocomplete="one-time-code"
              maxlength={40}
              required
              autofocus={!there}
            />
          ) : (
            <Field
              label={t('members.signIn.password')}
              name="_again_password"
              type="password"
              autocomplete="current-password"
              maxlength={200}
              required
              autofocus={!there}
            />
          )}
          <Actions>
            <Button kind="primary">{t('members.again.submit')}</Button>
          </Actions>
        </form>
      </div>
    </Page>,
  )
}
