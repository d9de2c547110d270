import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bandOf,
  type CallOutcome,
  mostPoints,
  nextStep,
  parts,
  pointsOf,
  type Reach,
  scoreOf,
} from './score.ts'

const reach = (
  people: number,
  outOfBand: number,
  always: boolean,
  outcome: CallOutcome | null,
  attestedMonths: number | null,
): Reach => ({
  people,
  outOfBand,
  always,
  lastCall: outcome && { outcome, monthsAgo: 1 },
  attestedMonths,
})

describe('the score of how an organisation can be reached', () => {
  it.each([
    [reach(3, 3, true, 'in-time', 2), 100, 'good'],
    [reach(2, 2, false, 'late', 7), 62, 'fair'],
    [reach(1, 0, false, 'silent', 14), 10, 'poor'],
    [reach(2, 0, true, 'in-time', 5), 80, 'good'],
    [reach(0, 0, false, null, null), 0, 'poor'],
    [reach(0, 0, true, 'in-time', 1), 0, 'poor'],
    [reach(1, 1, true, null, 6), 65, 'fair'],
    [reach(2, 1, false, null, null), 25, 'poor'],
  ] as const)('%o is %i', (given, score, band) => {
    expect(scoreOf(pointsOf(given))).toBe(score)
    expect(bandOf(score)).toBe(band)
  })

  it('an excuse, and a test older than half a year, bring nothing', () => {
    expect(pointsOf(reach(2, 2, true, 'excused', 1)).lastCall).toBe(0)
    const old = { ...reach(2, 2, true, null, 1), lastCall: { outcome: 'in-time', monthsAgo: 7 } as const }
    expect(pointsOf(old).lastCall).toBe(0)
  })

  it('names the cheapest next step with what it brings, and none at 100', () => {
    expect(nextStep(pointsOf(reach(0, 0, false, null, null)))).toEqual({ part: 'people', gain: 10 })
    expect(nextStep(pointsOf(reach(2, 1, true, null, 1)))).toEqual({ part: 'outOfBand', gain: 20 })
    expect(nextStep(pointsOf(reach(2, 2, true, 'in-time', 8)))).toEqual({ part: 'attested', gain: 8 })
    expect(nextStep(pointsOf(reach(2, 2, true, null, 1)))).toEqual({ part: 'lastCall', gain: 20 })
    expect(nextStep(pointsOf(reach(3, 3, true, 'in-time', 2)))).toBeNull()
  })

  it('is never outside 0 to 100, and never falls when somebody more can be reached', () => {
    fc.assert(
      fc.property(
        fc.record({
          people: fc.nat(5),
          outOfBand: fc.nat(5),
          always: fc.boolean(),
          lastCall: fc.constant(null),
          attestedMonths: fc.option(fc.nat(30)),
        }),
        (given) => {
          const points = pointsOf({ ...given, outOfBand: Math.min(given.outOfBand, given.people) })
          for (const part of parts) expect(points[part]).toBeLessThanOrEqual(mostPoints[part])
          const more = pointsOf({ ...given, people: given.people + 1, outOfBand: given.people + 1 })
          expect(scoreOf(more)).toBeGreaterThanOrEqual(scoreOf(points))
        },
      ),
    )
  })
})
