import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { easterSunday, isHoliday } from './holidays.ts'
import { gapsIn, onDuty, onTurn, type Rotation, type Rule, type Schedule, shiftsOf } from './rota.ts'

const zone = 'Europe/Prague'
const hour = 3_600_000
const [ada, bob, cyd] = [1, 2, 3] as const
const at = (text: string): number => Date.parse(text)
const weekly: Rotation = { kind: 'weekly', length: 1, start: '2026-10-19T07:00', people: [ada, bob, cyd] }
const every: Rule['weekdays'] = [1, 2, 3, 4, 5, 6, 7]
const always = (rotation: Rotation): Rule => ({
  weekdays: every,
  from: '00:00',
  to: '00:00',
  who: { rotation },
})
const schedule = (given: Partial<Schedule>): Schedule => ({
  zone,
  holidays: 'ignored',
  present: [ada, bob, cyd, 4, 5],
  rules: [],
  overrides: [],
  temporary: [],
  ...given,
})

describe('a rotation', () => {
  it('hands over by the clock on the wall, as the worked example has it', () => {
    const on = (text: string) => onTurn(weekly, zone, at(text))
    expect(on('2026-10-19T04:59:59Z')).toBeNull()
    expect(on('2026-10-19T05:00:00Z')).toBe(ada)
    expect(on('2026-10-26T05:59:59Z')).toBe(ada)
    expect(on('2026-10-26T06:00:00Z')).toBe(bob)
    expect(on('2026-11-02T05:59:59Z')).toBe(bob)
    expect(on('2026-11-02T06:00:00Z')).toBe(cyd)
    expect(on('2026-11-09T06:00:00Z')).toBe(ada)
  })

  it.each([
    ['daily', '2026-10-24T07:00', '2026-10-24T05:00:00Z', 25],
    ['daily', '2027-03-27T07:00', '2027-03-27T06:00:00Z', 23],
    ['weekly', '2026-10-19T07:00', '2026-10-19T05:00:00Z', 169],
  ] as const)('%s from %s lasts as long as that wall clock says', (kind, start, from, hours) => {
    const rotation: Rotation = { kind, length: 1, start, people: [ada, bob] }
    const shifts = shiftsOf(schedule({ rules: [always(rotation)] }), at(from), at(from) + 400 * hour)
    expect(shifts[0]).toEqual({ from: at(from), to: at(from) + hours * hour, people: [ada] })
  })

  it('of months that begins on a 31st begins on the last day of shorter ones', () => {
    const monthly: Rotation = {
      kind: 'monthly',
      length: 1,
      start: '2026-10-31T08:00',
      people: [ada, bob, cyd],
    }
    expect(onTurn(monthly, zone, at('2026-11-30T06:59:59Z'))).toBe(ada)
    expect(onTurn(monthly, zone, at('2026-11-30T07:00:00Z'))).toBe(bob)
    expect(onTurn(monthly, zone, at('2026-12-31T07:00:00Z'))).toBe(cyd)
  })

  it('takes the first of an hour that comes twice, and moves on from one that is skipped', () => {
    const nightly = (start: string): Rotation => ({ kind: 'daily', length: 1, start, people: [ada, bob] })
    const back = nightly('2026-10-24T02:30')
    expect(onTurn(back, zone, at('2026-10-25T00:29:59Z'))).toBe(ada)
    expect(onTurn(back, zone, at('2026-10-25T00:30:00Z'))).toBe(bob)
    expect(onTurn(back, zone, at('2026-10-25T01:30:00Z'))).toBe(bob)
    const forward = nightly('2027-03-27T02:30')
    expect(onTurn(forward, zone, at('2027-03-28T01:29:59Z'))).toBe(ada)
    expect(onTurn(forward, zone, at('2027-03-28T01:30:00Z'))).toBe(bob)
  })

  it('of nobody has nobody on turn', () => {
    expect(onTurn({ ...weekly, people: [] }, zone, at('2026-10-20T05:00:00Z'))).toBeNull()
  })
})

describe('a schedule', () => {
  const nights: Rule = { weekdays: [5], from: '22:00', to: '06:00', who: { person: bob } }

  it('holds a window over midnight, also of the day before', () => {
    const one = schedule({ rules: [nights] })
    expect(onDuty(one, at('2026-11-20T20:59:59Z'))).toEqual([])
    expect(onDuty(one, at('2026-11-20T21:00:00Z'))).toEqual([bob])
    expect(onDuty(one, at('2026-11-21T04:59:59Z'))).toEqual([bob])
    expect(onDuty(one, at('2026-11-21T05:00:00Z'))).toEqual([])
  })

  it('takes a public holiday for a Sunday where it is told so', () => {
    const workdays: Rule = { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '16:00', who: { person: ada } }
    const sundays: Rule = { weekdays: [7], from: '08:00', to: '16:00', who: { person: cyd } }
    const noon = at('2026-11-17T11:00:00Z')
    expect(onDuty(schedule({ rules: [workdays, sundays] }), noon)).toEqual([ada])
    expect(onDuty(schedule({ rules: [workdays, sundays], holidays: 'sunday' }), noon)).toEqual([cyd])
  })

  it('is changed by overrides, and replaced whole by a temporary one', () => {
    const noon = at('2026-11-20T11:00:00Z')
    const range = { from: noon - hour, to: noon + hour }
    const base = schedule({ rules: [always(weekly)] })
    const usual = onDuty(base, noon)
    expect(usual).toEqual([bob])
    const by = (...overrides: Schedule['overrides']) => onDuty({ ...base, overrides }, noon)
    expect(by({ ...range, kind: 'add', person: ada })).toEqual([ada, bob])
    expect(by({ ...range, kind: 'remove', person: bob })).toEqual([])
    expect(by({ ...range, kind: 'replace', person: bob, by: cyd })).toEqual([cyd])
    expect(by({ ...range, kind: 'replace', person: ada, by: cyd })).toEqual([bob])
    expect(by({ ...range, kind: 'add', person: ada, to: noon })).toEqual([bob])
    const temporary = [{ ...range, people: [cyd] }]
    expect(onDuty({ ...base, temporary, overrides: [{ ...range, kind: 'add', person: ada }] }, noon)).toEqual(
      [cyd],
    )
  })

  it('has nobody in the place of who stopped acting there', () => {
    const noon = at('2026-11-20T11:00:00Z')
    const one = schedule({ rules: [always(weekly)], present: [ada, cyd] })
    expect(onTurn(weekly, zone, noon)).toBe(bob)
    expect(onDuty(one, noon)).toEqual([])
  })

  it('names its gaps', () => {
    const from = at('2026-11-20T12:00:00Z')
    expect(gapsIn(schedule({ rules: [nights] }), from, from + 24 * hour)).toEqual([
      { from, to: at('2026-11-20T21:00:00Z'), people: [] },
      { from: at('2026-11-21T05:00:00Z'), to: from + 24 * hour, people: [] },
    ])
    expect(gapsIn(schedule({ rules: [always(weekly)] }), from, from + 24 * hour)).toEqual([])
  })
})

describe('shifts', () => {
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
    .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`)
  const rotation = fc.record({
    kind: fc.constantFrom(...(['hourly', 'daily', 'weekly', 'monthly'] as const)),
    length: fc.integer({ min: 1, max: 12 }),
    start: clock.map((time) => `2026-10-01T${time}`),
    people: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
  })
  const rule = fc.record({
    weekdays: fc.subarray(every),
    from: clock,
    to: clock,
    who: fc.oneof(
      rotation.map((one) => ({ rotation: one })),
      fc.constant({ person: 5 }),
    ),
  })

  it('cover a range without a hole, and agree with who is on duty at any moment of it', () => {
    // Both changes of the clock lie in it.
    const start = at('2026-10-20T00:00:00Z')
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 3 }),
        fc.integer({ min: 0, max: 170 * 24 * 60 }),
        fc.constantFrom('ignored', 'sunday') as fc.Arbitrary<Schedule['holidays']>,
        fc.array(fc.integer({ min: 0, max: 9 * 24 * 3600 - 1 }), { minLength: 5, maxLength: 5 }),
        (rules, minutes, holidays, points) => {
          const one = schedule({ rules, holidays })
          const [from, to] = [start + minutes * 60_000, start + minutes * 60_000 + 9 * 24 * hour]
          const shifts = shiftsOf(one, from, to)
          expect([shifts[0]?.from, shifts.at(-1)?.to]).toEqual([from, to])
          shifts.slice(1).forEach((shift, i) => expect(shift.from).toBe(shifts[i]?.to))
          for (const point of points) {
            const moment = from + point * 1_000
            const shift = shifts.find((s) => s.from <= moment && moment < s.to)
            expect(shift?.people).toEqual(onDuty(one, moment))
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('public holidays', () => {
  it('know Easter (dates as the almanacs print them)', () => {
    expect([2024, 2025, 2026, 2027, 2038].map(easterSunday)).toEqual([
      '2024-03-31',
      '2025-04-20',
      '2026-04-05',
      '2027-03-28',
      '2038-04-25',
    ])
  })

  it('are those of the act', () => {
    const days = ['2026-04-03', '2026-04-06', '2026-11-17', '2026-12-24', '2027-03-26']
    expect(days.filter(isHoliday)).toEqual(days)
    expect(['2026-04-05', '2026-04-04', '2026-11-18', '2026-12-31'].filter(isHoliday)).toEqual([])
  })
})
