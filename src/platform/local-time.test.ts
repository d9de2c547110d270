import { describe, expect, it } from 'vitest'
import { fieldOf, instantOf } from './local-time.ts'

const zone = 'Europe/Prague'

describe('a time of a form', () => {
  it('is an instant of its zone and back', () => {
    const at = Date.parse('2026-11-21T11:30:00Z')
    expect(instantOf('2026-11-21T12:30', zone)).toBe(at)
    expect(fieldOf(at, zone)).toBe('2026-11-21T12:30')
  })

  it('that the clock skips moves forward, and one that comes twice is the first', () => {
    expect(instantOf('2027-03-28T02:30', zone)).toBe(Date.parse('2027-03-28T01:30:00Z'))
    expect(instantOf('2026-10-25T02:30', zone)).toBe(Date.parse('2026-10-25T00:30:00Z'))
  })

  it.each([
    '',
    'zítra',
    '2026-11-21',
    '2026-02-30T10:00',
    '1926-11-21T12:30',
    '2026-11-21T12:30+02:00',
    'x'.repeat(9_999),
  ])('is none in %j', (text) => expect(instantOf(text, zone)).toBeNull())
})
