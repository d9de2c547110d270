/** Versions and ranges as advisories and hospitals write them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Place, parseRange, placeOf } from './ranges.ts'
import { compareVersions, parseVersion } from './versions.ts'

function way(a: string, b: string): number | null {
  const [one, other] = [parseVersion(a), parseVersion(b)]
  if (!one || !other) throw new Error(`${a} or ${b} is no version`)
  const compared = compareVersions(one, other)
  return compared === null ? null : Math.sign(compared)
}

describe('versions of mixed forms are compared', () => {
  const cases: [string, string, number | null][] = [
    ['1.2', '1.10', -1],
    ['2.0', '2', 0],
    ['v2.3', 'ver. 2.3', 0],
    ['R4.1L1', 'R3.3L1', 1],
    ['R2.0', '2.0', 0],
    ['1.7.15b', '1.7.15', 1],
    ['2.6A', '2.7A', -1],
    ['B.06.18', 'B.6.9', 1],
    ['B.02', 'C.01', -1],
    ['N', 'M', 1],
    ['VM 4.0', 'VM5.0', -1],
    ['1.8.4', '1.8.4 Service Pack 01', -1],
    ['1.8.4 SP1', '1.8.4 Service Pack 01', 0],
    ['V2.0_SP2', 'V1.0 SP3', 1],
    ['2020_R2_SP2', '2020 R2 SP1', 1],
    ['2.0 beta', '2.0', -1],
    ['1.0.0-rc1', '1.0.0', -1],
    ['012U000050', '012U000040', 1],
    ['5.09.02', '5.170.5', -1],
    ['8.0.3', '8.0.x', 0],
    ['9.0', '8.0.x', 1],
    ['U61', 'L81', null],
    ['C.03', '4.0', null],
    ['00.1', '0.1', 0],
  ]
  for (const [a, b, expected] of cases)
    it(`${a} and ${b}`, () => {
      expect(way(a, b)).toBe(expected)
      expect(way(b, a)).toBe(expected === null ? null : 0 - expected + 0)
    })
  for (const text of ['', 'unknown', 'april 1, 2018', 'MMT-508 MiniMed pump', '*', 'všechny'])
    it(`"${text}" is no version`, () => expect(parseVersion(text)).toBeNull())
})

describe('a version and what an advisory says', () => {
  const cases: [versions: string, version: string, place: Place][] = [
    ['<2.3', '2.2.9', 'inside'],
    ['<2.3', '2.3', 'outside'],
    ['≤ 2.3', '2.3', 'inside'],
    ['2.1 and prior', '2.1', 'inside'],
    ['2.1 and prior', '2.2', 'outside'],
    ['2.3.6 and  below', '2.3.5', 'inside'],
    ['2.1 or earlier versions', '1.9', 'inside'],
    ['Versions 2.1 and later', '2.0', 'outside'],
    ['2.1 a starší', '2.0', 'inside'],
    ['starší než 2.1', '2.1', 'outside'],
    ['2.1 a novější', '3.0', 'inside'],
    ['all versions', '7', 'inside'],
    ['všechny verze', '7', 'inside'],
    ['*', '7', 'inside'],
    ['All versions prior to 2.3', '2.2', 'inside'],
    ['All versions prior to 2.3', '2.3', 'outside'],
    ['versions 1.0 through 2.3', '2.3', 'inside'],
    ['versions 1.0 through 2.3', '2.4', 'outside'],
    ['versions 1.0 through 2.3', '0.9', 'outside'],
    ['1.0 - 2.3', '2.0', 'inside'],
    ['from 1.0 up to and including 2.3', '2.3', 'inside'],
    ['R2.0', '2.0', 'inside'],
    ['R2.0', 'R2.1', 'outside'],
    ['vers:all/*', '1', 'inside'],
    ['vers:generic/<2.3', '2.2', 'inside'],
    ['vers:generic/>=1.0|<2.0|>=3.0|<4.0', '2.5', 'outside'],
    ['vers:generic/>=1.0|<2.0|>=3.0|<4.0', '3.5', 'inside'],
    ['vers:npm/1.2.3|>=2.0.0|<5.0.0', '1.2.3', 'inside'],
    ['vers:generic/>=1.0|!=1.5', '1.5', 'outside'],
    ['vers:generic/%3E%3D1.0', '0.9', 'outside'],
    ['vers:all/<V6.24', '6.24', 'outside'],
    ['>= 2.5 | <= 3.11', '3.9', 'inside'],
    ['>= 2.5 | <= 3.11', '3.12', 'outside'],
    ['<= U61 |<= L81', 'L80', 'inside'],
    ['<= U61 |<= L81', 'L82', 'outside'],
    ['A10 < A11', 'A10', 'inside'],
    ['A.01 <= C.0x | 4.0', 'B.02', 'inside'],
    ['A.01 <= C.0x | 4.0', 'C.07', 'inside'],
    ['<= 12.2.x.x', '12.2.8', 'inside'],
    ['<= 12.2.x.x', '12.3', 'outside'],
    ['< 3.x', '3.1', 'outside'],
    ['4.X | 5.X', '5.1', 'inside'],
    ['1.1.7.333 | 2.1.1.3069', '2.1.1.3069', 'inside'],
    ['(Release 1.3.2 1.4.0 1.4.1 1.4.3 1.4.5)', '1.4.1', 'inside'],
    ['>=V3.2.3_<V3.3.0_only_when_manufactured_between_LQN231003...', 'V3.2.5', 'inside'],
    ['<=11.2 on Windows 8.1 with IIS 7.5', '11.2', 'inside'],
    ['<= 1.54 (integrated into GE MobileLink)', '1.55', 'outside'],
    ['Rev B-M', 'Rev C', 'inside'],
    ['8', '8.5', 'unknown'],
    ['1.3.1 Build 13', '1.3', 'unknown'],
    ['<2.3', '', 'unknown'],
    ['', '2.3', 'unknown'],
    ['< april 1, 2018', '2.3', 'unknown'],
    ['>=5|<4', '4.5', 'unknown'],
    ['>=4.6|<4.38', '4.37', 'inside'],
    ['CR-IR 357', '3', 'unknown'],
  ]
  for (const [versions, version, place] of cases)
    it(`"${version}" is ${place} of "${versions}"`, () =>
      expect(placeOf(parseVersion(version), parseRange(versions))).toBe(place))
})

describe('whatever is written', () => {
  it('is read without throwing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), fc.string({ maxLength: 2000 }), (range, version) => {
        placeOf(parseVersion(version), parseRange(range))
      }),
    )
  })
  it('and numbers are ordered as numbers are', () => {
    const version = fc.array(fc.nat(300), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [one, other] = [a, b].map((parts) => [...parts, 0, 0, 0, 0, 0].slice(0, 5))
        const place = one?.findIndex((part, i) => part !== other?.[i]) ?? -1
        const expected = place === -1 ? 0 : Math.sign((one?.[place] ?? 0) - (other?.[place] ?? 0))
        expect(way(a.join('.'), `v${b.join('.')}`)).toBe(expected)
      }),
    )
  })
})
