import { describe, expect, it } from 'vitest'
import type { Entry } from './book.ts'
import { ageOf, dueOn, gapsIn } from './gaps.ts'
import type { Purpose } from './words.ts'

const now = Date.UTC(2026, 2, 3, 8)
const today = '2026-03-03'
let made = 0
const entry = (purpose: Purpose, more: Partial<Entry> = {}): Entry => ({
  id: ++made,
  point: made,
  org: 1,
  purpose,
  visibility: 'coordinators',
  person: null,
  name: 'Ústředna',
  channel: 'phone',
  value: '+420555010000',
  hours: '',
  roundTheClock: false,
  agreed: true,
  verifiedAt: now,
  verifiedHow: 'call',
  changedAt: now,
  ...more,
})
const all = (more: (purpose: Purpose, i: number) => Partial<Entry> = () => ({})): Entry[] =>
  (['security', 'technical', 'out_of_hours', 'management', 'data_protection'] as const).map((purpose, i) =>
    entry(purpose, { name: `Kdo ${i}`, ...more(purpose, i) }),
  )
const gaps = (entries: Entry[], attested: number | null = now) => gapsIn(entries, attested, now, today)

describe('the gaps of a book', () => {
  it('are none when every purpose has somebody proved', () => expect(gaps(all())).toEqual([]))
  it('of an empty one are everybody, and that nobody attested it', () =>
    expect(gaps([], null)).toEqual([
      'nobody.security',
      'nobody.technical',
      'nobody.out_of_hours',
      'nobody.management',
      'nobody.data_protection',
      'attestation.never',
    ]))
  it('are who is not proved, or was too long ago', () => {
    expect(gaps(all((p) => (p === 'out_of_hours' ? { verifiedAt: null } : {})))).toEqual([
      'unverified.out_of_hours',
    ])
    expect(gaps(all((p) => (p === 'security' ? { verifiedAt: Date.UTC(2025, 2, 3, 8) } : {})))).toEqual([
      'unverified.security',
    ])
    expect(gaps(all(() => ({ verifiedAt: null })))[0]).toBe('nobodyVerified')
  })
  it('are one person for everything, and nothing but mail', () => {
    expect(gaps(all(() => ({ person: 7 })))).toEqual(['onePerson'])
    expect(gaps(all(() => ({ channel: 'mail' })))).toEqual(['onlyMail'])
  })
  it('are not closed by what only the organisation sees', () =>
    expect(gaps(all((p) => (p === 'management' ? { visibility: 'own' } : {})))).toEqual([
      'nobody.management',
    ]))
  it('are an attestation that is due, or stale', () => {
    expect(gaps(all(), Date.UTC(2025, 8, 1, 8))).toEqual(['attestation.due'])
    expect(gaps(all(), Date.UTC(2025, 6, 1, 8))).toEqual(['attestation.stale'])
  })
})

it('a book attested on 31 August 2026 is due on 28 February 2027 and stale from 30 March', () => {
  const attested = Date.UTC(2026, 7, 31, 10)
  expect(dueOn(attested)).toBe('2027-02-28')
  expect(ageOf(attested, '2027-02-27')).toBe('fresh')
  expect(ageOf(attested, '2027-02-28')).toBe('due')
  expect(ageOf(attested, '2027-03-29')).toBe('due')
  expect(ageOf(attested, '2027-03-30')).toBe('stale')
})
