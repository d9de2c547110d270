import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { audiences, isNarrowOr, isWithin, refusedPair } from './audience.ts'
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

  it('everything is within itself, and nothing wide within coordinators', () => {
    fc.assert(fc.property(audience, (one) => isWithin(one, one)))
    for (const kind of ['all_members', 'public'] as const)
      expect(isWithin({ kind }, { kind: 'coordinators' })).toBe(false)
  })
})
