import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTlp, tlps } from './tlp.ts'

describe('a label of the traffic light protocol', () => {
  it.each([
    ['Green', 'GREEN'],
    ['TLP:AMBER+STRICT', 'AMBER+STRICT'],
    [' tlp : amber strict ', 'AMBER+STRICT'],
    ['white', 'CLEAR'],
    ['TLP:WHITE', 'CLEAR'],
    ['PURPLE', null],
    ['', null],
  ])('%j is %s', (text, label) => {
    expect(parseTlp(text)).toBe(label)
  })

  it('is found in any case and dress, and in nothing else', () => {
    const dressed = fc
      .tuple(fc.constantFrom(...tlps), fc.constantFrom('', 'TLP:', 'tlp: ', 'Tlp :'), fc.array(fc.boolean()))
      .map(([label, before, big]) => ({
        label,
        text: before + [...label].map((c, i) => (big[i] ? c : c.toLowerCase())).join(''),
      }))
    fc.assert(
      fc.property(dressed, ({ label, text }) => parseTlp(text) === label),
      { numRuns: 10_000 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const found = parseTlp(text)
        if (found === null) return
        expect(tlps).toContain(found)
        expect(text.toUpperCase()).toMatch(/RED|AMBER|GREEN|CLEAR|WHITE/)
      }),
      { numRuns: 10_000 },
    )
  })
})
