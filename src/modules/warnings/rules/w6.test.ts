import { describe, expect, it } from 'vitest'
import { defaultsOf } from '../rules.ts'
import { median, usualOf, w2Kind, w6 } from './w6.ts'

describe('W6, volume', () => {
  const p = defaultsOf('W6')
  const weeks = (...values: number[]) => usualOf({ weeks: values, days: [] }, p)
  const hour = { over: true, availability: false, dropped: 0 }
  const verdict = (value: number, usual: ReturnType<typeof weeks>, more: object = {}): string | null => {
    const judged = w6(value, usual, { ...hour, ...more }, p)
    return judged.fires ? `${judged.words} ${judged.severity}` : null
  }
  it('takes the middle of an even and an odd number', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0])
  })
  it('needs three weeks, or seven days with the same hour', () => {
    expect(usualOf({ weeks: [1, 2], days: [1, 2, 3, 4, 5, 6] }, p)).toBeNull()
    expect(usualOf({ weeks: [1, 2], days: [1, 2, 3, 4, 5, 6, 7] }, p)).toMatchObject({
      by: 'day',
      median: 4,
      of: 7,
    })
    expect(usualOf({ weeks: [10, 20, 30], days: [] }, p)).toMatchObject({ by: 'week', median: 20, mad: 10 })
  })
  it('takes the farthest of few weeks for the spread, and the middle of many days', () => {
    expect(weeks(10, 20, 60)).toMatchObject({ median: 20, mad: 40 })
    expect(usualOf({ weeks: [], days: [10, 11, 12, 13, 14, 15, 900] }, p)).toMatchObject({
      median: 13,
      mad: 6.5,
    })
  })
  it('counts a steady habit as spread by chance at least', () => {
    expect(weeks(100, 100, 100)).toMatchObject({ mad: 50 })
    expect(weeks(4, 4, 4)).toMatchObject({ mad: 2 })
    expect(weeks(0, 0, 0)).toMatchObject({ mad: 1 })
  })
  it.each([
    ['far above', verdict(401, weeks(100, 100, 100)), 'W6 1'],
    ['at the limit', verdict(400, weeks(100, 100, 100)), null],
    ['far above, dropped for nine in ten', verdict(1_999, weeks(100, 100, 100), { dropped: 1_800 }), null],
    ['many times the usual, all dropped', verdict(2_001, weeks(100, 100, 100), { dropped: 2_001 }), 'W6 1'],
    ['something new, all dropped, not many', verdict(200, weeks(0, 0, 0), { dropped: 200 }), null],
    ['far above, an eighth let in', verdict(800, weeks(100, 100, 100), { dropped: 700 }), 'W6 1'],
    ['far above, but few', verdict(99, weeks(0, 0, 0)), null],
    ['something new and many', verdict(100, weeks(0, 0, 0)), 'W6 1'],
    ['availability', verdict(1000, weeks(0, 0, 0), { availability: true }), 'W6 3'],
    ['almost nothing left', verdict(9, weeks(200, 200, 200)), 'W6-fall 1'],
    ['the hour is not over', verdict(9, weeks(200, 200, 200), { over: false }), null],
    ['little left of little', verdict(0, weeks(100, 100, 100)), null],
    ['no habit', verdict(100_000, null), null],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
  it('names the threshold of what was dropped where it was the one to meet', () => {
    const judged = w6(2_400, weeks(34, 34, 34), { ...hour, dropped: 2_400 }, p)
    expect(judged).toMatchObject({
      limit: 680,
      thresholds: [{}, {}, { name: 'droppedTimes', threshold: 20, value: 70.6 }],
    })
    expect(w6(2_400, weeks(34, 34, 34), hour, p)).toMatchObject({
      thresholds: [{ name: 'deviations' }, { name: 'events' }],
    })
  })
  it('tells the coordinators of a kind far above the sector’s hour', () => {
    const sector = defaultsOf('W2')
    expect(w2Kind(5000, weeks(1000, 1000, 1000), sector)).toEqual({ fires: true, limit: 4000 })
    expect(w2Kind(1999, weeks(100, 100, 100), sector).fires).toBe(false)
    expect(w2Kind(5000, null, sector).fires).toBe(false)
  })
})
