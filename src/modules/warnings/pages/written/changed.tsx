/** What changed under somebody's hands: said in words, and as a difference. */
import { dayShort, isDay } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Diff, Notice } from '../../../../ui/index.ts'
import type { Changed } from '../../written/compare.ts'

/** Names of the fields, and of those whose former words the form still knew what they were and are. */
export interface WhatChanged {
  fields: string[]
  differences: Changed[]
}

/** Nothing was done: what somebody confirmed is not what is here now. */
export function ChangedSince({ t, changed }: { t: T; changed: WhatChanged | null }) {
  if (!changed) return null
  return (
    <Notice kind="wrong" title={t('written.changed.title')}>
      <Moved t={t} changed={changed} />
    </Notice>
  )
}

/** Which fields, and of each what its reader saw and what stands now. */
export const Moved = ({ t, changed }: { t: T; changed: WhatChanged }) => (
  <>
    <p>
      {t('written.changed.what', {
        fields: t.list(changed.fields.map((field) => t(`written.field.${field}`))),
      })}
    </p>
    {changed.differences.length > 0 && (
      <>
        <p>{t('written.changed.seen')}</p>
        <Differences t={t} changes={changed.differences} />
      </>
    )}
  </>
)

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
  if (field === 'actionBy' && isDay(value)) return dayShort(value, t, true)
  if (field === 'tlp') return `TLP:${value}`
  if (field === 'kind' || field === 'audience') return t(`written.${field}.${value}`)
  if (field === 'severity') return t(`written.severity.${value}`)
  return value
}
