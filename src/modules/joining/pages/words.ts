/** Words of other modules as these pages need them. */
import type { T } from '../../../platform/i18n.ts'
import { kinds, kindWords, regionCodes, regions } from '../../members/index.ts'

export interface Option {
  value: string
  label: string
}

export const kindIn = (kind: string, t: T): string =>
  (kindWords as Record<string, { cs: string; en: string }>)[kind]?.[t.lang] ?? kind

export const regionIn = (nuts3: string | null): string | null =>
  nuts3 === null ? null : (regions[nuts3] ?? nuts3)

/** Kinds of organisations to choose from, the most usual ones first, as they stand in the table. */
export const kindOptions = (t: T): Option[] => kinds.map((value) => ({ value, label: kindIn(value, t) }))

/** The regions, and none of them. */
export const regionOptions = (t: T): Option[] => [
  { value: '', label: t('joining.region.none') },
  ...regionCodes.map((value) => ({ value, label: regions[value] ?? value })),
]
