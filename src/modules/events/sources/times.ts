/** Times as foreign records write them, brought to UTC with microseconds (IDEA0 keeps no more). */
import { IANAZone } from 'luxon'

export interface Moment {
  /** IDEA timestamp in UTC, trailing zeros of the fraction left out. */
  text: string
  /** Microseconds since 1970. */
  micros: number
  /** The record itself told the offset. */
  zoned: boolean
}

export type TimeFormat = 'text' | 'seconds' | 'milliseconds' | 'any'

const iso =
  /^(\d{4})[-/](\d{2})[-/](\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,12}))?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?(?: (?:UTC|GMT))?$/
/** 3. 3. 2026 8:50:11, as Czech spreadsheets write it. */
const czech = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,12}))?$/
const plainNumber = /^\d{1,16}(?:\.\d{1,12})?$/
const lastMicros = Date.UTC(10000, 0, 1) * 1000

/** Null when the value is no time from 1970 to 9999. `zone` is used only where the text has no offset. */
export function momentOf(value: unknown, zone = 'UTC', format: TimeFormat = 'any'): Moment | null {
  if (typeof value === 'number') return format === 'text' ? null : ofEpoch(value, format)
  if (typeof value !== 'string' || value.length > 64) return null
  const text = value.trim()
  if (plainNumber.test(text)) return format === 'text' ? null : ofEpoch(Number(text), format)
  if (format === 'seconds' || format === 'milliseconds') return null
  const parts = iso.exec(text)
  if (parts) {
    const [, year, month, day, hour, minute, second, fraction, offset] = parts
    return ofParts([year, month, day, hour, minute, second].map(Number), fraction, offset, zone)
  }
  const local = czech.exec(text)
  if (!local) return null
  const [, day, month, year, hour, minute, second = '0', fraction] = local
  return ofParts([year, month, day, hour, minute, second].map(Number), fraction, undefined, zone)
}

/** The moment of a millisecond clock. */
export function momentOfMs(ms: number): Moment {
  return build(Math.round(ms) * 1000, true)
}

/** Without a stated unit the size tells it: seconds stay below 10^11, milliseconds below 10^14. */
function ofEpoch(value: number, format: TimeFormat): Moment | null {
  if (!Number.isFinite(value) || value < 0) return null
  const seconds = format === 'seconds' || (format === 'any' && value < 1e11)
  const scale = seconds ? 1e6 : format === 'milliseconds' || value < 1e14 ? 1e3 : 1
  const micros = Math.round(value * scale) + 0 // minus zero is zero
  return micros < lastMicros ? build(micros, true) : null
}

function ofParts(
  parts: number[],
  fraction: string | undefined,
  offset: string | undefined,
  zone: string,
): Moment | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60)
    return null
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null
  const shift = offset === undefined ? null : minutesOf(offset)
  if (offset !== undefined && shift === null) return null
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  const ms = wall - (shift ?? zoneMinutes(zone, wall)) * 60_000
  const micros = ms * 1000 + Number((fraction ?? '').slice(0, 6).padEnd(6, '0'))
  return micros >= 0 && micros < lastMicros ? build(micros, offset !== undefined) : null
}

function minutesOf(offset: string): number | null {
  if (!/^[+-]/.test(offset)) return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(-2))
  if (hours > 23 || minutes > 59) return null
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** Offset of a wall-clock time; in the doubled hour of autumn the earlier one. An unknown zone counts as UTC. */
function zoneMinutes(zone: string, wall: number): number {
  if (zone === 'UTC') return 0
  const known = IANAZone.create(zone)
  if (!known.isValid) return 0
  const before = known.offset(wall - 24 * 3_600_000)
  const first = known.offset(wall - before * 60_000)
  return known.offset(wall - first * 60_000) === first ? first : before
}

function build(micros: number, zoned: boolean): Moment {
  const ms = Math.floor(micros / 1000)
  const fraction = String(micros - Math.floor(ms / 1000) * 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const seconds = new Date(ms).toISOString().slice(0, 19)
  return { text: fraction ? `${seconds}.${fraction}Z` : `${seconds}Z`, micros, zoned }
}
