/**
 * Who is on duty when: a pure reading of a schedule. Everything is said by the clock on the wall of the schedule's zone, so a
 * daily shift lasts 25 hours when the clock goes back, and 23 when it goes forward.
 */
import { DateTime } from 'luxon'
import { isHoliday } from './holidays.ts'

/** By the wall clock, `2026-10-19T07:00`. */
export type LocalTime = string
/** `07:00` */
export type ClockTime = string
/** 1 Monday to 7 Sunday */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

export const rotationKinds = ['hourly', 'daily', 'weekly', 'monthly'] as const
export type RotationKind = (typeof rotationKinds)[number]

/** People who take turns; the first one's begins at `start`, and each lasts `length` hours, days, weeks or months. */
export interface Rotation {
  kind: RotationKind
  length: number
  start: LocalTime
  /** In the order of their turns. */
  people: number[]
}

/** A window of the week and who is on duty in it. */
export interface Rule {
  weekdays: Weekday[]
  from: ClockTime
  /** Not after `from`: of the next day. The same as `from`: a whole day. */
  to: ClockTime
  who: { person: number } | { rotation: Rotation }
}

/** A change for a while (ms since 1970, `to` excluded). */
export type Override = { from: number; to: number } & (
  | { kind: 'add'; person: number }
  | { kind: 'remove'; person: number }
  | { kind: 'replace'; person: number; by: number }
)

export interface Schedule {
  zone: string
  /** What a public holiday is: a day like any other, or a Sunday. */
  holidays: 'ignored' | 'sunday'
  /** Who may be on duty at all: the time of whoever stopped acting here is a gap, not somebody else's. */
  present: number[]
  rules: Rule[]
  overrides: Override[]
  /** In its time nobody but these people is on duty, whatever rules and overrides say. */
  temporary: { from: number; to: number; people: number[] }[]
}

/** A time without a change. */
export interface Shift {
  from: number
  to: number
  people: number[]
}

const units = { hourly: 'hours', daily: 'days', weekly: 'weeks', monthly: 'months' } as const
const dayMs = 86_400_000
/** Longer than any shift differs from its usual length when the clock changes. */
const clockChangeMs = 3 * 3_600_000

/** The wall clock's reading as if it were UTC: what calendars add to. */
const reading = (local: LocalTime): DateTime => DateTime.fromISO(local, { zone: 'utc' })

/** A reading that the clock skips is moved forward by what it skips; one that comes twice is the first of them. */
function firstOf(wall: DateTime, zone: string): number {
  const at = wall.setZone(zone, { keepLocalTime: true })
  return Math.min(...at.getPossibleOffsets().map((one) => one.toMillis()))
}

/** When the turn `n` (from 0) begins. The last day of a month stands for a day that it does not have. */
const turnStart = ({ kind, length, start }: Rotation, zone: string, n: number): number =>
  firstOf(reading(start).plus({ [units[kind]]: n * length }), zone)

/** Which turn it is at `at`; negative before the first. */
function turnAt(rotation: Rotation, zone: string, at: number): number {
  const wall = DateTime.fromMillis(at, { zone }).setZone('utc', { keepLocalTime: true })
  const unit = units[rotation.kind]
  let n = Math.floor(wall.diff(reading(rotation.start), unit).as(unit) / rotation.length)
  while (turnStart(rotation, zone, n) > at) n--
  while (turnStart(rotation, zone, n + 1) <= at) n++
  return n
}

/** Whose turn it is; null before the first, and where nobody takes turns. */
export function onTurn(rotation: Rotation, zone: string, at: number): number | null {
  const n = turnAt(rotation, zone, at)
  return n < 0 ? null : (rotation.people[n % rotation.people.length] ?? null)
}

const minutesOf = (clock: ClockTime): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

const wallDay = (at: number, zone: string): DateTime =>
  DateTime.fromMillis(at, { zone }).startOf('day').setZone('utc', { keepLocalTime: true })

/** The window of a rule that begins on this day of the calendar, or null where the day is none of its own. */
function windowOn(rule: Rule, schedule: Schedule, day: DateTime): { from: number; to: number } | null {
  const isSunday = schedule.holidays === 'sunday' && isHoliday(day.toFormat('yyyy-MM-dd'))
  if (!rule.weekdays.includes((isSunday ? 7 : day.weekday) as Weekday)) return null
  const [from, to] = [minutesOf(rule.from), minutesOf(rule.to)]
  const end = to > from ? day : day.plus({ days: 1 })
  return {
    from: firstOf(day.plus({ minutes: from }), schedule.zone),
    to: firstOf(end.plus({ minutes: to }), schedule.zone),
  }
}

const isWithin = (range: { from: number; to: number }, at: number): boolean =>
  range.from <= at && at < range.to

/** A window may have begun on the day before. */
function holds(rule: Rule, schedule: Schedule, at: number): boolean {
  const today = wallDay(at, schedule.zone)
  return [today, today.minus({ days: 1 })].some((day) => {
    const window = windowOn(rule, schedule, day)
    return window !== null && isWithin(window, at)
  })
}

function byRules(schedule: Schedule, at: number): Set<number> {
  const people = new Set<number>()
  for (const rule of schedule.rules) {
    if (!holds(rule, schedule, at)) continue
    const person = 'person' in rule.who ? rule.who.person : onTurn(rule.who.rotation, schedule.zone, at)
    if (person !== null) people.add(person)
  }
  return people
}

/** Who is on duty at `at`, in order of their numbers. */
export function onDuty(schedule: Schedule, at: number): number[] {
  return named(schedule, at).filter((person) => schedule.present.includes(person))
}

function named(schedule: Schedule, at: number): number[] {
  const temporary = schedule.temporary.filter((range) => isWithin(range, at))
  if (temporary.length > 0) return sorted(new Set(temporary.flatMap((range) => range.people)))
  const people = byRules(schedule, at)
  const overrides = schedule.overrides.filter((range) => isWithin(range, at))
  for (const one of overrides) {
    if (one.kind === 'remove') people.delete(one.person)
    if (one.kind === 'replace' && people.delete(one.person)) people.add(one.by)
  }
  for (const one of overrides) if (one.kind === 'add') people.add(one.person)
  return sorted(people)
}

const sorted = (people: Set<number>): number[] => [...people].sort((a, b) => a - b)

/** Every moment in a range at which somebody else may come on duty. */
function changes(schedule: Schedule, from: number, to: number): number[] {
  const moments = new Set<number>([from])
  const note = (at: number): void => {
    if (from < at && at < to) moments.add(at)
  }
  for (const range of [...schedule.overrides, ...schedule.temporary]) {
    note(range.from)
    note(range.to)
  }
  for (const rule of schedule.rules) {
    for (
      let day = wallDay(from - dayMs - clockChangeMs, schedule.zone);
      day <= wallDay(to, schedule.zone);
      day = day.plus({ days: 1 })
    ) {
      const window = windowOn(rule, schedule, day)
      if (!window) continue
      note(window.from)
      note(window.to)
    }
    if ('rotation' in rule.who) turns(rule.who.rotation, schedule.zone, from, to).forEach(note)
  }
  return [...moments].sort((a, b) => a - b)
}

function turns(rotation: Rotation, zone: string, from: number, to: number): number[] {
  const found: number[] = []
  for (let n = Math.max(0, turnAt(rotation, zone, from)); ; n++) {
    const at = turnStart(rotation, zone, n)
    if (at >= to) return found
    found.push(at)
  }
}

/** Who is on duty through a range, one after the other; a shift of nobody is a gap. */
export function shiftsOf(schedule: Schedule, from: number, to: number): Shift[] {
  const moments = changes(schedule, from, to)
  const shifts: Shift[] = []
  moments.forEach((at, i) => {
    const shift = { from: at, to: moments[i + 1] ?? to, people: onDuty(schedule, at) }
    const last = shifts.at(-1)
    if (last && String(last.people) === String(shift.people)) last.to = shift.to
    else shifts.push(shift)
  })
  return shifts
}

/** When nobody is on duty. */
export const gapsIn = (schedule: Schedule, from: number, to: number): Shift[] =>
  shiftsOf(schedule, from, to).filter((shift) => shift.people.length === 0)
