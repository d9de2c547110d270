import { describe, expect, it } from 'vitest'
import { isRelapse, noticeFor, type Quiet, type Told, thresholds } from './quiet.ts'
import { afterWorkingDays } from './working-days.ts'

const hour = 3_600_000
const day = 24 * hour
const monday = Date.UTC(2026, 2, 2, 9)
const said: Told = { severity: 2, passed: false, families: [1], rate: 10 }
const quiet: Quiet = {
  told: said,
  notifiedAt: monday,
  quietUntil: monday + 6 * day,
  relapseFrom: monday + 4 * day,
  answer: 'pending',
}
const at = (change: Partial<Told>, when: number, state: Partial<Quiet> = {}, last = when) =>
  noticeFor({ ...quiet, ...state }, { ...said, ...change }, last, when)

describe('more of the same', () => {
  it.each([
    ['is not told again before the threshold ends', at({}, monday + 5 * day), null],
    ['is told as a relapse after it', at({}, monday + 7 * day), 'relapse'],
    [
      'unless the evidence is older than the relapse window',
      at({}, monday + 7 * day, {}, monday + 3 * day),
      null,
    ],
    ['higher severity breaks it at once', at({ severity: 3 }, monday + hour), 'update'],
    ['a first passed event after six hours', at({ passed: true }, monday + 7 * hour), 'update'],
    ['or waits for them', at({ passed: true }, monday + hour), 'wait'],
    ['another kind of service', at({ families: [1, 2] }, monday + day), 'update'],
    ['ten times the rate', at({ rate: 100 }, monday + day), 'update'],
    ['ten times of little', at({ rate: 40 }, monday + day, { told: { ...said, rate: 1 } }), null],
    ['nothing to somebody who works on it', at({}, monday + 7 * day, { answer: 'working' }), null],
    ['again to somebody who only saw it', at({}, monday + 7 * day, { answer: 'seen' }), 'relapse'],
    ['info is never told', at({ severity: 0 }, monday + 7 * day), null],
    ['the first time is new', at({}, monday, { told: null, notifiedAt: null }), 'new'],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

describe('the end of a threshold, medium: told on Monday 10:00, held to Sunday 10:00', () => {
  const warning = {
    severity: 2,
    answer: 'pending' as const,
    notifiedAt: monday,
    relapseFrom: monday + 4 * day,
  }
  it('says nothing when it only went on from Tuesday to Thursday', () => {
    expect(isRelapse({ ...warning, lastAt: monday + 3 * day })).toBe(false)
  })
  it('tells of a relapse when it was there on Saturday', () => {
    expect(isRelapse({ ...warning, lastAt: monday + 5 * day })).toBe(true)
  })
  it('repeats critical while nobody answers, and stops when somebody does', () => {
    const critical = { severity: 4, notifiedAt: monday, relapseFrom: null, lastAt: monday + hour }
    expect(isRelapse({ ...critical, answer: 'pending' })).toBe(true)
    expect(isRelapse({ ...critical, answer: 'seen' })).toBe(false)
    expect(isRelapse({ ...critical, answer: 'pending', lastAt: monday })).toBe(false)
  })
  it('holds critical for two hours, high for a day, the rest for six', () => {
    expect(thresholds.map((t) => t.repeat / hour)).toEqual([144, 144, 144, 24, 2])
  })
})

describe('working days', () => {
  const prague = (text: string): number => Date.parse(`${text}:00+01:00`)
  it.each([
    ['2026-03-02T10:00', 2, '2026-03-04T10:00'],
    ['2026-03-05T10:00', 2, '2026-03-09T10:00'],
    ['2026-03-06T20:00', 2, '2026-03-11T07:00'],
    ['2026-03-07T12:00', 1, '2026-03-09T12:00'],
    ['2026-03-02T03:00', 1, '2026-03-03T07:00'],
    // Good Friday and Easter Monday are days of rest.
    ['2026-04-02T12:00', 1, '2026-04-07T12:00'],
    ['2026-11-16T18:00', 1, '2026-11-19T07:00'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(afterWorkingDays(prague(from), days)).toBe(prague(to))
  })
})
