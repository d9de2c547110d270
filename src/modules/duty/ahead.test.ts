import { describe, expect, it } from 'vitest'
import { firstHole } from './ahead.ts'
import type { Schedule } from './rota.ts'

const monday = Date.parse('2026-03-02T00:00:00+01:00')
const hour = 3_600_000
const week = 7 * 24 * hour

const office: Schedule = {
  zone: 'Europe/Prague',
  holidays: 'ignored',
  present: [1, 2],
  rules: [{ weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '16:00', who: { person: 1 } }],
  overrides: [],
  temporary: [],
}

describe('a hole in a duty', () => {
  it('is no night for which nobody was meant', () => {
    expect(firstHole(office, monday, monday + week)).toBeNull()
    expect(firstHole({ ...office, rules: [] }, monday, monday + week)).toBeNull()
  })

  it('is the time of who has left, from now on', () => {
    const left = { ...office, present: [2] }
    expect(firstHole(left, monday + 9 * hour, monday + week)).toEqual({
      from: monday + 9 * hour,
      to: monday + 16 * hour,
    })
  })

  it('is leave that nobody stands in for, and none where somebody does', () => {
    const leave = { from: monday + 32 * hour, to: monday + 36 * hour, person: 1 }
    expect(
      firstHole({ ...office, overrides: [{ kind: 'remove', ...leave }] }, monday, monday + week),
    ).toEqual({
      from: leave.from,
      to: leave.to,
    })
    expect(
      firstHole({ ...office, overrides: [{ kind: 'replace', by: 2, ...leave }] }, monday, monday + week),
    ).toBeNull()
  })
})
