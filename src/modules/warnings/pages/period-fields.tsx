/** From when and until when, by the clock on the wall of a zone. */
import type { T } from '../../../platform/i18n.ts'
import { fieldOf } from '../../../platform/local-time.ts'
import { Field } from '../../../ui/index.ts'

interface Props {
  t: T
  zone: string
  given: { starts: string; ends: string } | undefined
  errors: Record<string, string> | undefined
  /** What stands there before anybody wrote, ms. */
  from: number
  to: number
  hint?: string
}

export function PeriodFields({ t, zone, given, errors, from, to, hint }: Props) {
  return (
    <>
      <Field
        label={t('warnings.tests.starts.zone', { zone })}
        name="starts"
        type="datetime-local"
        required
        value={given?.starts ?? fieldOf(from, zone)}
        error={errors?.startsAt}
      />
      <Field
        label={t('warnings.tests.ends.zone', { zone })}
        name="ends"
        type="datetime-local"
        required
        value={given?.ends ?? fieldOf(to, zone)}
        error={errors?.endsAt}
        hint={hint}
      />
    </>
  )
}
