/** Instants (milliseconds since 1970) as people read them, and days as calendars count them, in a given zone. */
import { DateTime } from 'luxon'
import type { T } from './i18n.ts'

export { relative } from './relative.ts'

/** Where the sector lives; days of the daily view are its days. */
export const homeZone = 'Europe/Prague'

/** `YYYY-MM-DD` */
export type Day = string

export interface DayBounds {
  /** First millisecond of the day. */
  from: number
  /** First millisecond of the next day. */
  to: number
  /** 24, or 23 and 25 on the days of the clock change. */
  hours: number
}

type Reader = Pick<T, 'locale'>

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * Formats are dear to make and hold memory that the engine does not count, so each is made once; there are only a few
 * of them, and zones come from the configuration alone.
 */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options)
    formats.set(key, format)
  }
  return format
}

/** "21. listopadu 2026 12:30:05 SEČ": to the second, with the zone named. */
export function exact(at: number, t: Reader, zone = homeZone): string {
  return dateFormat(t.locale, {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at)
}

/** "21. 11. 12:30" for tables; the year is added when it is not that of `now`. */
export function short(at: number, now: number, t: Reader, zone = homeZone): string {
  const sameYear = dayOf(at, zone).slice(0, 4) === dayOf(now, zone).slice(0, 4)
  return dateFormat(t.locale, {
    timeZone: zone,
    day: 'numeric',
    month: t.locale.startsWith('cs') ? 'numeric' : 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** "21. 11. 12:30:05": one line of a table on paper, above which the year stands. */
export function second(at: number, t: Reader, zone = homeZone): string {
  return dateFormat(t.locale, {
    timeZone: zone,
    day: 'numeric',
    month: t.locale.startsWith('cs') ? 'numeric' : 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** "12:30" */
export function clock(at: number, t: Reader, zone = homeZone): string {
  return dateFormat(t.locale, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** "pátek 20. listopadu 2026" */
export function dayTitle(day: Day, t: Reader): string {
  return dateFormat(t.locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(utcNoon(day))
}

/** "srpen 2021": the month of a day. */
export function monthTitle(day: Day, t: Reader): string {
  return dateFormat(t.locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(utcNoon(day))
}

/** "20. 11." or "20 Nov", with the year if `withYear`. */
export function dayShort(day: Day, t: Reader, withYear = false): string {
  return dateFormat(t.locale, {
    timeZone: 'UTC',
    day: 'numeric',
    month: t.locale.startsWith('cs') ? 'numeric' : 'short',
    ...(withYear ? { year: 'numeric' } : {}),
  }).format(utcNoon(day))
}

/** The day in which an instant falls in a zone. */
export function dayOf(at: number, zone = homeZone): Day {
  return dateFormat('sv-SE', { timeZone: zone }).format(at)
}

/** Throws RangeError when `day` is not a day of the calendar. */
export function dayBounds(day: Day, zone = homeZone): DayBounds {
  const start = DateTime.fromFormat(day, 'yyyy-MM-dd', { zone })
  if (!start.isValid) throw new RangeError(`${day} is not a day`)
  const from = start.startOf('day').toMillis()
  const to = start.plus({ days: 1 }).startOf('day').toMillis()
  return { from, to, hours: Math.round((to - from) / 3_600_000) }
}

/** Starts of the hours of a day; 23 or 25 of them on the days of the clock change. */
export function hoursOf(day: Day, zone = homeZone): number[] {
  const { from, hours } = dayBounds(day, zone)
  return Array.from({ length: hours }, (_, index) => from + index * 3_600_000)
}

/** Is this text a day of the calendar, `YYYY-MM-DD`? */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text, { zone: 'UTC' }).isValid
}

export function addDays(day: Day, count: number): Day {
  return new Date(utcNoon(day) + count * 86_400_000).toISOString().slice(0, 10)
}

/** Monday is 1, Sunday 7. */
export function weekday(day: Day): number {
  return new Date(utcNoon(day)).getUTCDay() || 7
}

/** `2026-11-21T11:30:05.123Z` */
export function iso(at: number): string {
  return new Date(at).toISOString()
}

/** "2 h 5 min", "45 s": two largest units, for how long something took; rounded down to the second. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first < 0) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}

function utcNoon(day: Day): number {
  return Date.parse(`${day}T12:00:00Z`)
}
