import fc from 'fast-check'
import { expect, it } from 'vitest'
import { measure, plain } from './text.ts'

it.each([
  [
    'hSOC POPLACH 3/2026: otevrete portal. Odpovezte cislem a kodem 7F3K: 1 bez dopadu, 2 zasazeni, 3 pomoc, 4 nevime',
    { encoding: 'gsm7', length: 112, parts: 1 },
  ],
  [
    'hSOC POPLACH 3/2026: otevřete portál. Odpovězte číslem a kódem 7F3K: 1 bez dopadu, 2 zasaženi, 3 pomoc, 4 nevíme',
    { encoding: 'ucs2', length: 112, parts: 2 },
  ],
  ['é', { encoding: 'gsm7', length: 1, parts: 1 }],
  ['[]', { encoding: 'gsm7', length: 4, parts: 1 }],
  ['a'.repeat(161), { encoding: 'gsm7', length: 161, parts: 2 }],
  ['ř'.repeat(71), { encoding: 'ucs2', length: 71, parts: 2 }],
])('%s', (text, measured) => {
  expect(measure(text)).toEqual(measured)
})

it('Czech loses its diacritics and nothing else', () => {
  expect(plain('Příliš žluťoučký kůň – „úpěl“ ďábelské ódy…')).toBe(
    'Prilis zlutoucky kun - "upel" dabelske ody...',
  )
})

it('whatever is written goes out in the 7-bit alphabet', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(measure(plain(text)).encoding).toBe('gsm7')
    }),
  )
})
