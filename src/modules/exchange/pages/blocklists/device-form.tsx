/** The form of a new firewall. */
import { Button, Details, Field, Form } from '../../../../ui/index.ts'
import { lives, longestLabel } from '../../blocklists/devices.ts'
import type { OwnProps } from './own-props.ts'
import { pathOf } from './words.tsx'

export function DeviceForm({ frame: { t, csrf }, org, devices, device }: OwnProps) {
  return (
    <Details summary={t('blocklists.firewall.add')} open={devices.length === 0 || device !== undefined}>
      <Form action={`${pathOf(org)}/firewalls`} csrf={csrf} label={t('blocklists.firewall.add')} noTurbo>
        <Field
          label={t('blocklists.firewall.label')}
          name="label"
          required
          maxlength={longestLabel}
          value={device?.given.label}
          hint={t('blocklists.firewall.labelHint')}
          error={device?.errors.label}
        />
        <Field
          label={t('blocklists.firewall.days')}
          name="days"
          type="select"
          value={device?.given.days ?? 365}
          options={lives.map((n) => ({ value: String(n), label: t('blocklists.days', { n }) }))}
          error={device?.errors.days}
        />
        <Button kind="primary">{t('blocklists.firewall.make')}</Button>
      </Form>
    </Details>
  )
}
