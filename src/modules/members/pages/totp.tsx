/** Setting an authenticator app up, and the codes for paper that come once. */
import { encode } from 'uqr'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Code,
  CodeBlock,
  Field,
  Form,
  html,
  Notice,
  Page,
  Steps,
} from '../../../ui/index.ts'
import { ClockAdvice } from './second.tsx'

export interface TotpProps {
  frame: Frame
  secret: string
  uri: string
  back: string
  isWrong?: boolean
}

export function totpPage({ frame, secret, uri, back, isWrong }: TotpProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      {isWrong && (
        <Notice kind="wrong" title={t('members.totp.wrong.title')}>
          <ClockAdvice frame={frame} />
        </Notice>
      )}
      <Steps
        steps={[
          t('members.totp.step.app'),
          <>
            <p>{t('members.totp.step.scan')}</p>
            <QrCode text={uri} label={t('members.totp.qr')} />
            <p>
              {t('members.totp.step.here')} <a href={uri}>{t('members.totp.step.open')}</a>
            </p>
            <p>
              {t('members.totp.step.type')} <Code t={t} text={secret.replace(/(.{4})(?=.)/g, '$1 ')} copy />
            </p>
          </>,
          <Form action="/account/totp/confirmation" csrf={frame.csrf} hidden={{ back }} noTurbo>
            <Field
              label={t('members.totp.step.code')}
              name="code"
              inputmode="numeric"
              autocomplete="one-time-code"
              maxlength={20}
              required
              autofocus
            />
            <Actions>
              <Button kind="primary">{t('members.totp.confirm')}</Button>
              <a href={`/account/means?back=${encodeURIComponent(back)}`}>{t('members.totp.leave')}</a>
            </Actions>
          </Form>,
        ]}
      />
    </Page>,
  )
}

/** Dark modules as one path on a light ground, in dark pages too: cameras expect it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { ecc: 'M', border: 4 })
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={data.map(runsOf).join('')} fill="#000" />
    </svg>
  )
}

/** The dark stretches of a row, each as one bar. */
const runsOf = (row: boolean[], y: number): string =>
  [
    ...row
      .map((dark) => (dark ? '1' : '0'))
      .join('')
      .matchAll(/1+/g),
  ]
    .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
    .join('')

export interface CodesProps {
  frame: Frame
  codes: string[]
  back: string
}

export function codesPage({ frame, codes, back }: CodesProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('members.codes.lead')}>
      <CodeBlock t={t} label={t('members.codes.label')} text={codes.join('\n')} />
      <Notice kind="careful">{t('members.codes.keep')}</Notice>
      <Actions>
        <Button kind="primary" href={back}>
          {t('members.codes.done')}
        </Button>
      </Actions>
    </Page>,
  )
}
