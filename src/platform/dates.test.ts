import { describe, expect, test } from 'vitest'
import {
  addDays,
  clock,
  dayBounds,
  dayOf,
  dayShort,
  dayTitle,
  duration,
  exact,
  hoursOf,
  isDay,
  iso,
  relative,
  second,
  short,
  weekday,
} from './dates.ts'
import { translator } from './i18n.ts'

const cs = translator('cs')
const en = translator('en')
const night = Date.parse('2026-11-20T23:30:05Z')

describe('days of the clock change in Prague', () => {
  test.each([
    ['2026-03-29', 23, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 25, '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['2026-11-20', 24, '2026-11-19T23:00:00.000Z', '2026-11-20T23:00:00.000Z'],
  ])('%s has %d hours', (day, hours, from, to) => {
    const bounds = dayBounds(day)
    expect(bounds.hours).toBe(hours)
    expect([iso(bounds.from), iso(bounds.to)]).toEqual([from, to])
    expect(hoursOf(day)).toHaveLength(hours)
  })

  test('in autumn two hours are called two, in spring none', () => {
    const called = (day: string) => hoursOf(day).filter((at) => clock(at, cs) === '02:00').length
    expect([called('2026-10-25'), called('2026-03-29'), called('2026-11-20')]).toEqual([2, 0, 1])
  })

  test('every instant of the day belongs to it, and the next one does not', () => {
    const { from, to } = dayBounds('2026-10-25')
    expect([dayOf(from - 1), dayOf(from), dayOf(to - 1), dayOf(to)]).toEqual([
      '2026-10-24',
      '2026-10-25',
      '2026-10-25',
      '2026-10-26',
    ])
  })
})

test('the day depends on the zone', () => {
  expect(dayOf(night)).toBe('2026-11-21')
  expect(dayOf(night, 'UTC')).toBe('2026-11-20')
})

test('an instant reads in the order of the reader, with its zone', () => {
  expect(exact(night, cs)).toMatch(/^21\. listopadu 2026 (v )?0?0:30:05 SEČ$/)
  expect(exact(night, en)).toMatch(/^21 November 2026.* 00:30:05 CET$/)
  expect(short(night, night, cs)).toMatch(/^21\. 11\. 0?0:30$/)
  expect(short(night, Date.parse('2027-02-01'), cs)).toMatch(/2026/)
  expect(second(night, cs)).toMatch(/^21\. 11\. 0?0:30:05$/)
  expect(dayTitle('2026-11-20', cs)).toBe('pátek 20. listopadu 2026')
  expect(dayTitle('2026-11-20', en)).toBe('Friday, 20 November 2026')
  expect(dayShort('2026-11-20', en)).toBe('20 Nov')
})

test.each([
  [0, 'nyní', 'now'],
  [-12_000, 'před 12 sekundami', '12 seconds ago'],
  [-359_000, 'před 5 minutami', '5 minutes ago'],
  [-3_600_000, 'před 1 hodinou', '1 hour ago'],
  [-5 * 86_400_000, 'před 5 dny', '5 days ago'],
  [120_000, 'za 2 minuty', 'in 2 minutes'],
])('%d ms from now is "%s"', (distance, czech, english) => {
  expect(relative(night + distance, night, cs.locale)).toBe(czech)
  expect(relative(night + distance, night, en.locale)).toBe(english)
})

test('days are counted and checked by the calendar', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(addDays('2026-03-29', -1)).toBe('2026-03-28')
  expect(['2026-11-16', '2026-11-22'].map(weekday)).toEqual([1, 7])
  expect(['2026-02-30', '2026-2-3', 'today', '2026-11-20'].map(isDay)).toEqual([false, false, false, true])
  expect(() => dayBounds('2026-02-30')).toThrow(RangeError)
})

test('a length of time names its two largest units', () => {
  expect([0, 45_900, 7_500_000, 90_000_000].map(duration)).toEqual(['0 s', '45 s', '2 h 5 min', '1 d 1 h'])
})
