/** Forms that the script of the page (islands/passkeys.ts) fills in after it has asked the device. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../../platform/i18n.ts'
import { Button } from '../../../ui/index.ts'

export interface PasskeyFormProps {
  t: T
  /** What the device does: makes a passkey or uses one. */
  does: 'make' | 'use'
  action: string
  /** Where the script asks what to hand to the device. */
  options: string
  /** Field that takes what the device answered. */
  field: string
  hidden?: Record<string, string | undefined>
  label: string
  kind?: 'primary' | 'plain'
  /** What comes after the form when it is shown. */
  below?: string
  children?: ComponentChildren
}

/**
 * Hidden until a script finds that the browser knows passkeys. Its button submits nothing by itself, so Enter in another
 * form never reaches it.
 */
export function PasskeyForm(props: PasskeyFormProps) {
  const { t, does, action, options, field, hidden = {}, label } = props
  return (
    <form
      action={action}
      method="post"
      class="form"
      data-turbo="false"
      data-passkey={does}
      data-options={options}
      hidden
    >
      {Object.entries(hidden).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
      <input type="hidden" name={field} data-passkey-answer />
      {props.children}
      <Button kind={props.kind ?? 'primary'} type="button">
        {label}
      </Button>
      <p class="field-error" role="alert" data-passkey-problem="NotAllowedError" hidden>
        {t('members.passkey.cancelled')}
      </p>
      <p class="field-error" role="alert" data-passkey-problem="InvalidStateError" hidden>
        {t('members.passkey.known')}
      </p>
      <p class="field-error" role="alert" data-passkey-problem="other" hidden>
        {t('members.passkey.failed')}
      </p>
      {props.below && <p class="muted">{props.below}</p>}
    </form>
  )
}
