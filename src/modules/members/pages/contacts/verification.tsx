/** How a contact is proved: a link to an address, a code to a number, or a call. */

import type { Frame } from '../../../../platform/frame.ts'
import { Button, Field, Form, Notice, Section } from '../../../../ui/index.ts'
import type { Entry } from '../../contacts/book.ts'
import type { UnderWay } from '../../contacts/verify.ts'

interface VerificationProps {
  frame: Frame
  org: number
  point: number
  entries: [Entry, ...Entry[]]
  mayKeep: boolean
  mayCall: boolean
  isOwn: boolean
  underWay: UnderWay | null
  hasSms: boolean
  codeError?: string | undefined
}

export function Verification(props: VerificationProps) {
  const { frame, org, point, entries, mayKeep, mayCall, isOwn, underWay } = props
  const { t, csrf } = frame
  const path = `/members/${org}/contacts/${point}`
  const isMail = entries[0].channel === 'mail'
  const byText = entries[0].channel === 'sms' && props.hasSms
  return (
    <Section
      title={t('contacts.verify')}
      id="code"
      lead={t(isMail ? 'contacts.verify.mail' : byText ? 'contacts.verify.sms' : 'contacts.verify.call')}
    >
      {isMail && underWay === 'mail' && <p>{t('contacts.verify.sent')}</p>}
      {isMail && mayKeep && (
        <Form action={`${path}/verification`} csrf={csrf}>
          <Button>{t('contacts.verify.send')}</Button>
        </Form>
      )}
      {byText && mayKeep && (
        <Form action={`${path}/text-code`} csrf={csrf}>
          <Button kind={underWay === 'sms' ? 'plain' : 'primary'}>{t('contacts.verify.sendCode')}</Button>
        </Form>
      )}
      {!isMail && mayCall && (
        <Form action={`${path}/call`} csrf={csrf} noTurbo>
          <Button kind="primary">{t('contacts.call.begin')}</Button>
        </Form>
      )}
      {props.codeError && (underWay === 'mail' || underWay === null) && (
        <Notice kind="wrong">{props.codeError}</Notice>
      )}
      {!isMail && isOwn && (underWay === 'call' || underWay === 'sms') && (
        <Form action={`${path}/code`} csrf={csrf}>
          <Field
            label={t('contacts.code')}
            name="code"
            inputmode="numeric"
            autocomplete="one-time-code"
            required
            maxlength={20}
            mono
            error={props.codeError}
          />
          <Button kind="primary">{t('contacts.code.do')}</Button>
        </Form>
      )}
    </Section>
  )
}
