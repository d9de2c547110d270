import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  audiences,
  intersect,
  isNarrowOr,
  isWithin,
  type Limit,
  narrowest,
  refusedPair,
  widerThan,
} from './audience.ts'
import { type Audience, readersOf } from './scopes.ts'
import { tlps } from './tlp.ts'

const audience = fc.oneof(
  fc.constantFrom<Audience>({ kind: 'coordinators' }, { kind: 'all_members' }, { kind: 'public' }),
  fc.record({
    kind: fc.constant('organisations' as const),
    orgs: fc.uniqueArray(fc.integer({ min: 1, max: 4 })),
  }),
  fc.record({ kind: fc.constant('group' as const), group: fc.integer({ min: 1, max: 2 }) }),
)

describe('audience and label', () => {
  it('have twenty pairs that can be and five that cannot', () => {
    const pairs = audiences.flatMap((kind) => tlps.map((tlp) => [kind, tlp, refusedPair(kind, tlp)] as const))
    expect(pairs.filter(([, , why]) => why === null).length).toBe(20)
    expect(pairs.filter(([, , why]) => why !== null)).toEqual([
      ['all_members', 'RED', 'red'],
      ['public', 'RED', 'public'],
      ['public', 'AMBER+STRICT', 'public'],
      ['public', 'AMBER', 'public'],
      ['public', 'GREEN', 'public'],
    ])
  })

  it('are narrower or wider in one order', () => {
    expect(tlps.map((tlp) => isNarrowOr(tlp, 'AMBER'))).toEqual([true, true, true, false, false])
  })

  it('an audience within another is never read by an organisation that the other shuts out', () => {
    fc.assert(
      fc.property(audience, audience, fc.integer({ min: 1, max: 4 }), (inner, outer, org) => {
        if (!isWithin(inner, outer) || inner.kind === 'group' || outer.kind === 'group') return
        const tlp = 'CLEAR'
        // A reader of one member organisation, as the database would see it.
        const held = [1, 4, 1000 + 4 * org]
        const reads = (given: Audience): boolean =>
          readersOf(given, tlp, null).some((scope) => held.includes(scope))
        expect(reads(inner) && !reads(outer)).toBe(false)
      }),
    )
  })

  it('meet in what lies within both, by the table of the sharing rule', () => {
    const of = (...orgs: number[]): Audience => ({ kind: 'organisations', orgs })
    const g = (group: number): Audience => ({ kind: 'group', group })
    const [all, open, own] = (['all_members', 'public', 'coordinators'] as const).map(
      (kind): Audience => ({ kind }),
    ) as [Audience, Audience, Audience]
    for (const [a, b, both] of [
      [open, of(1), of(1)],
      [all, g(1), g(1)],
      [all, open, all],
      [open, open, open],
      [of(1, 2), of(2, 3), of(2)],
      [of(1), of(2), own],
      [g(1), g(1), g(1)],
      [g(1), g(2), own],
      [g(1), of(1), own],
      [own, all, own],
    ] as const) {
      expect(intersect(a, b)).toEqual(both)
      expect(intersect(b, a)).toEqual(both)
    }
    fc.assert(
      fc.property(audience, audience, (a, b) => {
        const both = intersect(a, b)
        return isWithin(both, a) && isWithin(both, b)
      }),
    )
  })

  const limit: fc.Arbitrary<Limit> = fc
    .tuple(audience, fc.constantFrom(...tlps), fc.uniqueArray(fc.integer({ min: 1, max: 3 })))
    .filter(([one, tlp]) => refusedPair(one.kind, tlp) === null)
    .map(([one, tlp, named]) => ({ tlp, audience: one, named: tlp === 'RED' ? named : null }))

  it('what several inputs allow together is a pair that can be, and wider than none of them', () => {
    fc.assert(
      fc.property(fc.array(limit, { minLength: 1, maxLength: 4 }), (inputs) => {
        const together = narrowest(inputs as [Limit, ...Limit[]])
        expect(refusedPair(together.audience.kind, together.tlp)).toBe(null)
        expect((together.tlp === 'RED') === (together.named !== null)).toBe(true)
        for (const one of inputs)
          expect(widerThan({ ...together, named: together.named ?? [] }, one)).toEqual([])
      }),
    )
  })

  it('the examples of the sharing rule', () => {
    const orgs: Audience = { kind: 'organisations', orgs: [1, 2] }
    const amber: Limit = { tlp: 'AMBER', audience: orgs, named: null }
    const green: Limit = { tlp: 'GREEN', audience: { kind: 'all_members' }, named: null }
    expect(narrowest([amber, green])).toEqual(amber)
    expect(widerThan({ ...green, named: [] }, narrowest([amber, green]))).toEqual(['tlp', 'audience'])
    const technical: Limit = { tlp: 'AMBER', audience: { kind: 'group', group: 1 }, named: null }
    expect(narrowest([technical, amber])).toEqual({ ...amber, audience: { kind: 'coordinators' } })
    const open: Limit = { tlp: 'CLEAR', audience: { kind: 'public' }, named: null }
    expect(narrowest([open, green])).toEqual(green)
  })

  it('everything is within itself, and nothing wide within coordinators', () => {
    fc.assert(fc.property(audience, (one) => isWithin(one, one)))
    for (const kind of ['all_members', 'public'] as const)
      expect(isWithin({ kind }, { kind: 'coordinators' })).toBe(false)
  })
})
