import type { T } from '../../../platform/i18n.ts'
import { kindWords, roleWords } from '../import/names.ts'

type Words = Record<string, Record<'cs' | 'en', string>>

const wordIn = (words: Words, key: string, t: T): string => words[key]?.[t.lang] ?? key

export const kindIn = (kind: string, t: T): string => wordIn(kindWords, kind, t)
export const networkRoleIn = (role: string, t: T): string => wordIn(roleWords, role, t)

/** What a range is for: as the file said it, the usual one translated. */
export const labelIn = (label: string, t: T): string =>
  label === 'office' ? t('members.member.network.label.office') : label
