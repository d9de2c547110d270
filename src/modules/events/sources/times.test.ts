import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { momentOf, momentOfMs } from './times.ts'

describe('times', () => {
  it.each([
    ['2021-06-06T15:59:46.457984+0200', '2021-06-06T13:59:46.457984Z'],
    ['2026-03-03T08:50:11.123456789+01:00', '2026-03-03T07:50:11.123456Z'],
    ['2026-03-03 07:50:11z', '2026-03-03T07:50:11Z'],
    ['2026/03/03 07:50:11', '2026-03-03T07:50:11Z'],
    ['2026-03-03T07:50:11,5 -0030', '2026-03-03T08:20:11.5Z'],
    ['2026-03-03 07:50:11.1 +0000 UTC', '2026-03-03T07:50:11.1Z'],
    ['3. 3. 2026 7:50', '2026-03-03T07:50:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    [1772524211, '2026-03-03T07:50:11Z'],
    ['1772524211.482113', '2026-03-03T07:50:11.482113Z'],
    [1772524211482, '2026-03-03T07:50:11.482Z'],
    [1772524211482113, '2026-03-03T07:50:11.482113Z'],
    [0, '1970-01-01T00:00:00Z'],
  ])('%s is %s', (value, text) => {
    expect(momentOf(value)?.text).toBe(text)
  })

  it.each([
    '',
    'now',
    '2026-02-29T00:00:00Z',
    '2026-03-03T24:00:00Z',
    '2026-03-03T00:00:00+2400',
    '0001-01-01T00:00:00Z',
    -1,
    Number.NaN,
    null,
    [],
    '2026-03-03',
    '31.2.2026 1:00',
  ])('%j is no time', (value) => {
    expect(momentOf(value)).toBeNull()
  })

  it.each([
    ['2026-01-03 08:50:11', '2026-01-03T07:50:11Z'],
    ['2026-07-03 08:50:11', '2026-07-03T06:50:11Z'],
    ['2026-03-29 01:59:59', '2026-03-29T00:59:59Z'],
    ['2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
    // this hour comes twice; the first is meant
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
  ])('%s in Prague is %s', (value, text) => {
    expect(momentOf(value, 'Europe/Prague')).toMatchObject({ text, zoned: false })
  })

  it('an unknown zone counts as UTC', () => {
    expect(momentOf('2026-01-03 08:50:11', 'Mars/Base')?.text).toBe('2026-01-03T08:50:11Z')
  })

  it('any moment written in any offset comes back', () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 })
    fc.assert(
      fc.property(
        fc.integer({ min: 86_400_000, max: Date.UTC(2100, 0, 1) }),
        offset,
        fc.boolean(),
        (ms, minutes, colon) => {
          const wall = new Date(ms + minutes * 60_000).toISOString().slice(0, -1)
          const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
            String(n).padStart(2, '0'),
          )
          const text = `${wall}${minutes < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${rest}`
          expect(momentOf(text)).toEqual({ ...momentOfMs(ms), zoned: true })
        },
      ),
      { numRuns: 10_000 },
    )
  })

  it('garbage is never a fault of ours', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.stringMatching(/^[0-9TZ:.+ -]{0,30}$/)),
        fc.string(),
        (value, zone) => {
          const moment = momentOf(value, zone)
          if (moment) expect(Date.parse(moment.text)).toBe(Math.floor(moment.micros / 1000))
        },
      ),
      { numRuns: 10_000 },
    )
  })
})
