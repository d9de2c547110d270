/** Details of lines as a reader finds them: words, names and days, never a key or JSON. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCatalogue, translator } from '../../../platform/i18n.ts'
import { type Detailed, toldOf, wordless } from './detail.ts'

const cs = translator('cs')
const en = translator('en')
const said = (line: Partial<Detailed>, t = en): string =>
  toldOf({ verb: 'members.x', object: 'organisation 1', detail: {}, ...line }, t, 'Europe/Prague')
    .map(({ label, value }) => `${label}: ${value}`)
    .join(' · ')

describe('the details of a line', () => {
  it.each<[string, Partial<Detailed>, string]>([
    [
      'codes in words',
      { verb: 'members.sign-in', detail: { way: 'password+totp', address: '192.0.2.1' } },
      'by: password and app code · address: 192.0.2.1',
    ],
    [
      'a status',
      { verb: 'members.move', detail: { from: 'participant', to: 'signatory', reason: 'x' } },
      'from: participant · to: signatory · reason: x',
    ],
    [
      'the name that a number stands for',
      { detail: { person: 7, reason: '' }, named: { person: 'Jana Nová' } },
      'person: Jana Nová',
    ],
    ['the number where the reader may not see whose', { detail: { person: 7 } }, 'person: no. 7'],
    [
      'moments and days',
      { detail: { until: '2026-03-04T11:00:00.000Z' } },
      'until: 4 March 2026 at 12:00:00 CET',
    ],
    [
      'what never ends',
      { detail: { until: 'infinity', contested: false } },
      'until: without end · contested: no',
    ],
    [
      'the reader’s language of a pair',
      { detail: { title: { cs: 'Senzory', en: 'Sensors' } } },
      'title: Sensors',
    ],
    [
      'what changed',
      { detail: { fields: [{ field: 'phone', old: null, new: '+420 555' }] } },
      'changes: telephone: – → +420 555',
    ],
    [
      'rows by their numbers',
      {
        detail: {
          warnings: [
            { id: 1, number: 'W-1' },
            { id: 2, number: 'W-2' },
          ],
        },
      },
      'warnings taken on: W-1, W-2',
    ],
    ['a kind of organisation', { detail: { kind: 'university_hospital' } }, 'kind: university hospital'],
    ['nothing of what is empty', { detail: { reason: '', note: null, prefixes: [], person: null } }, ''],
  ])('say %s', (_, line, expected) => {
    expect(said(line)).toBe(expected)
  })

  it('say of a rule which threshold changed, by its own name', () => {
    const detail = { version: 2, from: { events: 1, severity: 1 }, to: { events: 5, severity: 1 } }
    expect(said({ verb: 'rules.change', object: 'rule W1', detail }, cs)).toBe(
      'verze: 2 · změna: Událostí, od kterých se hlásí: 1 → 5',
    )
  })

  it('come out of anything that a line may hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(cs, en), (detail, t) => {
        for (const { value } of toldOf({ verb: 'a.b', object: 'rule W3', detail }, t, 'Europe/Prague'))
          expect(typeof value).toBe('string')
      }),
      { numRuns: 10_000 },
    )
    expect(said({ detail: { until: '2026-99-99T99:99:99Z' } })).toBe('until: 2026-99-99T99:99:99Z')
  })

  it('are missed where a key has no words, at any depth', () => {
    const line = { verb: 'members.x', object: 'x', detail: { reason: 'x', deep: [{ unheard: 1 }] } }
    expect(wordless(line, readCatalogue('cs'), 'cs')).toEqual(['deep', 'unheard'])
  })
})
