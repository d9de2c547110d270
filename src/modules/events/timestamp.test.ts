import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasZone, timestampMs, timestampPattern } from './timestamp.ts'

const at = (text: string) => (timestampPattern.test(text) ? timestampMs(text) : Number.NaN)

describe('times as senders write them', () => {
  it.each([
    ['2026-03-03T07:50:11Z', '2026-03-03T07:50:11.000Z'],
    ['2026-03-03 07:50:11Z', '2026-03-03T07:50:11.000Z'],
    ['2026-03-03t07:50:11z', '2026-03-03T07:50:11.000Z'],
    ['2026-03-03T08:50:11.123456789+01:00', '2026-03-03T07:50:11.123Z'],
    ['2026-03-03T07:50:11', '2026-03-03T07:50:11.000Z'],
    ['2026-03-03T07:50:11.5', '2026-03-03T07:50:11.500Z'],
    ['2024-02-29T23:30:00-01:30', '2024-03-01T01:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(at(text)).toISOString()).toBe(expected)
  })

  it.each([
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-04-00T00:00:00Z',
    '2026-03-03T24:00:00Z',
    '2026-03-03T07:60:00Z',
    '2026-03-03T07:50:61Z',
    '2026-03-03T07:50:11+24:00',
    '2026-03-03T07:50:11+01:60',
  ])('%s fits the pattern but is no time', (text) => {
    expect(timestampPattern.test(text)).toBe(true)
    expect(at(text)).toBeNaN()
  })

  it.each([
    '2026-03-03T07:50:11+0100',
    '1772524211',
    '2026-03-03',
    '2026-03-03T07:50:11Z\n',
    ' 2026-03-03T07:50:11Z',
    '2026-3-3T07:50:11Z',
    '',
  ])('%j does not fit the pattern', (text) => {
    expect(timestampPattern.test(text)).toBe(false)
  })

  it('tells whether a zone was said', () => {
    const zoned = ['2026-03-03T07:50:11Z', '2026-03-03T07:50:11.5z', '2026-03-03T07:50:11-01:00']
    const bare = ['2026-03-03T07:50:11', '2026-03-03T07:50:11.1234567']
    expect([...zoned, ...bare].map(hasZone)).toEqual([true, true, true, false, false])
  })

  it('agrees with the platform for every moment of the four-digit years', () => {
    const moment = fc.integer({ min: Date.UTC(1, 0, 1) / 1, max: Date.UTC(9999, 11, 31) })
    fc.assert(
      fc.property(moment, fc.integer({ min: -23 * 60, max: 23 * 60 }), (ms, offset) => {
        const local = new Date(ms + offset * 60_000)
        if (local.getUTCFullYear() < 0 || local.getUTCFullYear() > 9999) return
        const zone = `${offset < 0 ? '-' : '+'}${new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16)}`
        expect(at(local.toISOString().slice(0, -1) + zone)).toBe(ms)
      }),
      { numRuns: 10_000 },
    )
  })
})
