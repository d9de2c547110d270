/** The second half of a sign-in. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page, Time } from '../../../ui/index.ts'
import { PasskeyForm } from './passkey-form.tsx'
import { type Problem, Wait } from './problem.tsx'

export interface SecondProps {
  frame: Frame
  back: string
  hasPasskeys: boolean
  phone: string | null
  problem?: Problem
}

export function secondPage({ frame, back, hasPasskeys, phone, problem }: SecondProps): string {
  const { t } = frame
  const hidden = { back: back === '/' ? undefined : back }
  return html(
    <Page {...frame} lead={t('members.second.lead')}>
      {problem?.kind === 'wrong' && (
        <Notice kind="wrong" title={t('members.second.wrong.title')}>
          <ClockAdvice frame={frame} />
        </Notice>
      )}
      {problem?.kind === 'wait' && <Wait t={t} ms={problem.ms} />}
      <div class="narrow">
        {hasPasskeys && (
          <PasskeyForm
            t={t}
            does="use"
            action="/sign-in/passkey"
            options="/sign-in/passkey/options"
            field="response"
            hidden={hidden}
            label={t('members.signIn.passkey')}
            kind="plain"
          />
        )}
        <Form action="/sign-in/second" csrf={frame.csrf} hidden={hidden} noTurbo>
          <Field
            label={t('members.second.code')}
            name="code"
            hint={t('members.second.code.hint')}
            autocomplete="one-time-code"
            maxlength={40}
            required
            autofocus
          />
          <Actions>
            <Button kind="primary">{t('members.signIn.submit')}</Button>
          </Actions>
        </Form>
        <Form action="/sign-out" csrf={frame.csrf} noTurbo>
          <Button>{t('members.second.other')}</Button>
        </Form>
        <p class="muted">
          {t('members.second.lost')} {phone && t('members.forgotten.phone', { phone })}
        </p>
      </div>
    </Page>,
  )
}

/**
 * What to check when a code does not fit. How far off the clock of the phone is we do not try to find out: whoever guesses
 * would learn a code of another time.
 */
export function ClockAdvice({ frame: { t, now, zone } }: { frame: Frame }) {
  return (
    <>
      <p>{t('members.second.wrong')}</p>
      <p>
        {t('members.second.clock')} <Time t={t} at={now} now={now} zone={zone} as="exact" />
      </p>
    </>
  )
}
