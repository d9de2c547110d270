/** What changed under somebody's hands: said in words, and as a difference. */
import { dayShort } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Diff, Notice } from '../../../../ui/index.ts'
import type { Changed } from '../../written/compare.ts'

/** Nothing was done: what somebody confirmed is not what is here now. */
export function ChangedSince({ t, changed }: { t: T; changed: string[] | null }) {
  if (!changed) return null
  return (
    <Notice kind="wrong" title={t('written.changed.title')}>
      <p>
        {t('written.changed.what', { fields: t.list(changed.map((field) => t(`written.field.${field}`))) })}
      </p>
    </Notice>
  )
}

export const Differences = ({ t, changes }: { t: T; changes: Changed[] }) => (
  <Diff
    t={t}
    changes={changes.map((one) => ({
      label: t(`written.field.${one.field}`),
      before: wordsOf(t, one.field, one.before),
      after: wordsOf(t, one.field, one.after),
    }))}
  />
)

/** Codes in words; what people wrote as it is. */
function wordsOf(t: T, field: string, value: string): string {
  if (value === '') return '–'
  if (field === 'actionBy') return dayShort(value, t, true)
  if (field === 'tlp') return `TLP:${value}`
  if (field === 'kind' || field === 'audience') return t(`written.${field}.${value}`)
  if (field === 'severity') return t(`written.severity.${value}`)
  return value
}
