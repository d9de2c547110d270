/** Public holidays of the Czech Republic (`content/holidays.json`). */
import { DateTime } from 'luxon'
import { readContent } from '../../platform/content.ts'
import type { Day } from '../../platform/dates.ts'

const held = readContent('holidays.json') as { fixed: string[]; daysFromEasterSunday: number[] }
const fixed = new Set(held.fixed)

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of Nature, 1876, as Meeus prints it). */
export function easterSunday(year: number): Day {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const [d, e, g] = [Math.floor(b / 4), b % 4, Math.floor((8 * b + 13) / 25)]
  const h = (19 * a + b - d - g + 15) % 30
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  const day = (h + l - 7 * m + 33 * month + 19) % 32
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

export function isHoliday(day: Day): boolean {
  if (fixed.has(day.slice(5))) return true
  const easter = DateTime.fromISO(easterSunday(Number(day.slice(0, 4))), { zone: 'utc' })
  return held.daysFromEasterSunday.some((days) => easter.plus({ days }).toFormat('yyyy-MM-dd') === day)
}
