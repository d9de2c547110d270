import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { Invalid } from '../../platform/errors.ts'
import { endOf, latestDay, reasonIn } from './days.ts'

const year = 366 * 86_400_000

describe('the last day of a seat', () => {
  it('ends at midnight in Prague, today at the earliest and the same day of the next year at the latest', () => {
    expect(endOf('2026-03-03', tuesday)).toBe('2026-03-03T23:00:00.000Z')
    expect(endOf(' 2026-06-01 ', tuesday)).toBe('2026-06-01T22:00:00.000Z')
    expect(latestDay(tuesday)).toBe('2027-03-03')
    expect(latestDay(Date.UTC(2028, 1, 29, 12))).toBe('2029-02-28')
    for (const wrong of [
      '2026-03-02',
      '2027-03-04',
      '2026-02-30',
      '1. 6. 2026',
      '',
      '2026-6-1',
      '-002026-06-01',
    ])
      expect(() => endOf(wrong, tuesday)).toThrow(Invalid)
  })

  it('is never past nor more than a year away, whatever was typed', () => {
    const typed = fc.oneof(
      fc.string(),
      fc
        .date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })
        .map((at) => at.toISOString().slice(0, 10)),
      fc.stringMatching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
    )
    fc.assert(
      fc.property(typed, (text) => {
        try {
          const end = Date.parse(endOf(text, tuesday))
          expect(end).toBeGreaterThan(tuesday)
          expect(end - tuesday).toBeLessThanOrEqual(year)
        } catch (error) {
          expect(error).toBeInstanceOf(Invalid)
        }
      }),
    )
  })

  it('comes with a reason of 1 to 500 letters', () => {
    expect(reasonIn('  Úřad ')).toBe('Úřad')
    for (const wrong of ['', '   ', 'x'.repeat(501)]) expect(() => reasonIn(wrong)).toThrow(Invalid)
  })
})
