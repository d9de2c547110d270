/** Names of fields and their values as people read them. */
import { type Day, dayShort, isDay } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Asset, AssetField } from '../asset.ts'

export const kindIn = (kind: string, t: T): string => t(`assets.kind.${kind}`)

/** "ano", "ne", "nevíme" */
export const segmentedIn = (segmented: boolean | null, t: T): string =>
  t(`assets.segmented.${segmented === null ? 'unknown' : segmented ? 'yes' : 'no'}`)

export const fieldIn = (field: AssetField, t: T): string => t(`assets.field.${field}`)

export const dayIn = (day: Day, t: T): string => dayShort(day, t, true)

/** Versions of the table of dates are days, as a rule. */
export const tableVersionIn = (version: string, t: T): string =>
  isDay(version) ? dayIn(version, t) : version

/** A value of the history or of a preview; nothing as a dash. */
export function valueIn(field: AssetField, value: unknown, t: T): string {
  if (field === 'segmented') return segmentedIn(value === true ? true : value === false ? false : null, t)
  if (field === 'kind') return kindIn(String(value), t)
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'assets.segmented.yes' : 'assets.segmented.no')
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ')
  if (field === 'supportEndsOn') return dayIn(String(value), t)
  return typeof value === 'number' ? t.number(value) : String(value)
}

/** "Philips IntelliVue MX800" without the version, which stands beside it. */
export const nameOf = (asset: Pick<Asset, 'vendor' | 'product'>): string =>
  [asset.vendor, asset.product].filter((part) => part !== '').join(' ')

export const inventoryOf = (org: number): string => `/members/${org}/inventory`
