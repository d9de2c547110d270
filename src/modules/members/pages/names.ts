import { dayShort, monthTitle } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { kindWords, regimeWords, roleWords } from '../import/names.ts'
import type { Precision } from '../lists/days.ts'

type Words = Record<string, Record<'cs' | 'en', string>>

const wordIn = (words: Words, key: string, t: T): string => words[key]?.[t.lang] ?? key

export const kindIn = (kind: string, t: T): string => wordIn(kindWords, kind, t)
export const regimeIn = (regime: string, t: T): string => wordIn(regimeWords, regime, t)
export const networkRoleIn = (role: string, t: T): string => wordIn(roleWords, role, t)

/** What a range is for: as the file said it, the usual one translated. */
export const labelIn = (label: string, t: T): string =>
  label === 'office' ? t('members.member.network.label.office') : label

/** When something was signed, as exactly as it is known; "datum neuvedeno" where it is not. */
export function signedIn(one: { day: string | null; precision: Precision | null }, t: T): string {
  if (one.day === null) return t('memorandum.undated')
  if (one.precision === 'year') return one.day.slice(0, 4)
  return one.precision === 'month' ? monthTitle(one.day, t) : dayShort(one.day, t, true)
}
