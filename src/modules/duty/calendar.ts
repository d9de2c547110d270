/** A duty by the days of a calendar: a pure reading of its schedule, by the clock on the wall. */
import { DateTime } from 'luxon'
import type { Day } from '../../platform/dates.ts'
import { isHoliday } from './holidays.ts'
import { type Schedule, shiftsOf } from './rota.ts'

export interface DayPart {
  /** `07:00`; null where it began on an earlier day. */
  from: string | null
  /** Null where it goes on the next day. */
  to: string | null
  /** Nobody: a gap. */
  people: number[]
}

export interface CalendarDay {
  day: Day
  /** Of the month that is shown; false for days that fill its weeks. */
  within: boolean
  holiday: boolean
  parts: DayPart[]
}

export type View = 'month' | 'week'

/** Whole weeks, Monday to Sunday, of a month or of one week, that hold the day; and the days before and after to go on from. */
export function rangeOf(day: Day, view: View): { first: Day; days: number; before: Day; after: Day } {
  const at = DateTime.fromISO(day, { zone: 'utc' })
  const unit = view === 'month' ? 'months' : 'weeks'
  const first = at.startOf(view).startOf('week')
  const last = at.endOf(view).endOf('week')
  const iso = (one: DateTime): Day => one.toFormat('yyyy-MM-dd')
  return {
    first: iso(first),
    days: Math.round(last.diff(first, 'days').days),
    before: iso(at.startOf(view).minus({ [unit]: 1 })),
    after: iso(at.startOf(view).plus({ [unit]: 1 })),
  }
}

export function daysOf(schedule: Schedule, day: Day, view: View): CalendarDay[] {
  const { first, days } = rangeOf(day, view)
  const { zone } = schedule
  const start = DateTime.fromISO(first, { zone })
  const shifts = shiftsOf(schedule, start.toMillis(), start.plus({ days }).toMillis())
  const month = day.slice(0, 7)
  const clock = (at: number): string => DateTime.fromMillis(at, { zone }).toFormat('HH:mm')
  return Array.from({ length: days }, (_, n) => {
    const date = start.plus({ days: n })
    const [from, to] = [date.toMillis(), date.plus({ days: 1 }).toMillis()]
    const name = date.toFormat('yyyy-MM-dd')
    return {
      day: name,
      within: view === 'week' || name.startsWith(month),
      holiday: isHoliday(name),
      parts: shifts
        .filter((shift) => shift.from < to && shift.to > from)
        .map((shift) => ({
          from: shift.from > from ? clock(shift.from) : null,
          to: shift.to < to ? clock(shift.to) : null,
          people: shift.people,
        })),
    }
  })
}
