import { describe, expect, it } from 'vitest'
import { daysOf, rangeOf } from './calendar.ts'
import type { Rule, Schedule } from './rota.ts'

const [ada, bob] = [1, 2] as const
const weekly: Rule = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from: '07:00',
  to: '07:00',
  who: { rotation: { kind: 'weekly', length: 1, start: '2026-10-19T07:00', people: [ada, bob] } },
}
const schedule: Schedule = {
  zone: 'Europe/Prague',
  holidays: 'ignored',
  present: [ada, bob],
  rules: [weekly],
  overrides: [],
  temporary: [],
}

describe('the calendar of a duty', () => {
  it('shows whole weeks of a month, and whence to go on', () => {
    expect(rangeOf('2026-10-15', 'month')).toEqual({
      first: '2026-09-28',
      days: 35,
      before: '2026-09-01',
      after: '2026-11-01',
    })
    expect(rangeOf('2027-01-01', 'week')).toMatchObject({ first: '2026-12-28', days: 7, after: '2027-01-04' })
  })

  it('hands over at the same hour of the wall on both sides of a change of the clock', () => {
    const days = daysOf(schedule, '2026-10-26', 'week')
    expect(days.map(({ day }) => day)).toEqual([
      '2026-10-26',
      '2026-10-27',
      '2026-10-28',
      '2026-10-29',
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ])
    expect(days[0]?.parts).toEqual([
      { from: null, to: '07:00', people: [ada] },
      { from: '07:00', to: null, people: [bob] },
    ])
    expect(days[2]).toMatchObject({ holiday: true, parts: [{ from: null, to: null, people: [bob] }] })
  })

  it('shows the time before the first turn as a gap, and fills the month with days that are not its own', () => {
    const days = daysOf(schedule, '2026-10-19', 'month')
    expect(days[0]).toMatchObject({ day: '2026-09-28', within: false, parts: [{ people: [] }] })
    expect(days.find(({ day }) => day === '2026-10-19')?.parts).toEqual([
      { from: null, to: '07:00', people: [] },
      { from: '07:00', to: null, people: [ada] },
    ])
  })
})
