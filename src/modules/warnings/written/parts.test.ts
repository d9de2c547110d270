import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf } from '../../../../test/writing.ts'
import { Invalid } from '../../../platform/errors.ts'
import { paragraphsBetween } from './compare.ts'
import { lacking, readDraft, translationOf } from './draft.ts'
import { reasonsOf } from './exposure.ts'
import { templateOf, templates } from './templates.ts'
import { parts, type Rules } from './types.ts'
import { saidIn } from './words.ts'

const rules = (more: Partial<Rules>): Rules => ({
  all: false,
  prefixes: [],
  domains: [],
  kinds: [],
  regions: [],
  ...more,
})
const hospital = {
  networks: ['192.0.2.0/25', '2001:db8:5::/48'],
  domains: ['nemocnice.example'],
  kind: 'hospital',
  region: 'Kraj Vysočina',
}

describe('whom a warning concerns', () => {
  it('everybody without a rule, or by the word', () => {
    expect(reasonsOf(rules({}), hospital)).toEqual([{ why: 'all' }])
    expect(reasonsOf(rules({ all: true, prefixes: ['203.0.113.0/24'] }), hospital)).toEqual([{ why: 'all' }])
  })

  it('by any overlap of addresses, in both directions and both families', () => {
    for (const [rule, own] of [
      ['192.0.2.7', '192.0.2.0/25'],
      ['192.0.0.0/16', '192.0.2.0/25'],
      ['192.0.2.120-192.0.2.140', '192.0.2.0/25'],
      ['2001:db8:5:1::/64', '2001:db8:5::/48'],
    ] as const)
      expect(reasonsOf(rules({ prefixes: [rule] }), hospital)).toEqual([{ why: 'network', own, rule }])
    expect(reasonsOf(rules({ prefixes: ['192.0.2.128/25', '2001:db8:6::/48'] }), hospital)).toEqual([])
  })

  it('by its domain or one below it, never by a name that merely ends alike', () => {
    expect(reasonsOf(rules({ domains: ['mail.nemocnice.example'] }), hospital)).toHaveLength(1)
    expect(reasonsOf(rules({ domains: ['nemocnice.example'] }), hospital)).toHaveLength(1)
    expect(reasonsOf(rules({ domains: ['cizinemocnice.example'] }), hospital)).toEqual([])
  })

  it('by kind and region, any one being enough', () => {
    expect(reasonsOf(rules({ kinds: ['hospital'], regions: ['Kraj Vysočina'] }), hospital)).toEqual([
      { why: 'kind', own: 'hospital' },
      { why: 'region', own: 'Kraj Vysočina' },
    ])
    expect(
      reasonsOf(rules({ kinds: ['clinic'], regions: ['Plzeňský kraj'] }), { ...hospital, region: null }),
    ).toEqual([])
  })
})

describe('a draft', () => {
  it('is read whole, in normal form, and without what its audience has no use for', () => {
    const read = readDraft({
      ...draftOf({ orgs: [1, 1, 2], group: 3, named: [4] }),
      rules: rules({ prefixes: [' 192.0.2.7/24 ', '2001:DB8::1'], domains: ['EVIL.Example.'] }),
    })
    expect(read).toMatchObject({ orgs: [], group: null, named: [] })
    expect(read.rules).toMatchObject({ prefixes: ['192.0.2.0/24', '2001:db8::1'], domains: ['evil.example'] })
    expect(readDraft(draftOf({ audience: 'organisations', orgs: [1, 1, 2] })).orgs).toEqual([1, 2])
  })

  it('is refused or read, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record(
            Object.fromEntries(
              Object.entries(draftOf()).map(([key, value]) => [
                key,
                fc.oneof(fc.constant(value), fc.anything()),
              ]),
            ),
          ),
        ),
        (given) => {
          try {
            readDraft(given)
          } catch (error) {
            expect(error).toBeInstanceOf(Invalid)
            expect(Object.keys((error as Invalid).fields).length).toBeGreaterThan(0)
          }
        },
      ),
    )
  })

  it('names what it lacks', () => {
    expect(lacking(draftOf())).toEqual([])
    expect(lacking(draftOf({ tlp: 'RED', texts: templateOf(undefined).texts }))).toEqual([
      ...parts.map((part) => `texts.cs.${part}`),
      'named',
    ])
    expect(lacking(draftOf({ audience: 'organisations' }))).toEqual(['orgs'])
  })
})

describe('the translation', () => {
  const cs = draftOf().texts.cs
  const en = { title: 'a', happened: 'b', concerns: 'c', todo: 'd' }
  it('is missing until every part is there, outdated once the Czech text moves on, done again by the author’s word', () => {
    expect(translationOf(null, { cs, en: { ...en, todo: '' } }, true)).toBe('missing')
    expect(translationOf(null, { cs, en }, false)).toBe('done')
    const before = { texts: { cs, en }, translation: 'done' as const }
    const moved = { cs: { ...cs, todo: 'Jinak.' }, en }
    expect(translationOf(before, moved, false)).toBe('outdated')
    expect(translationOf({ texts: moved, translation: 'outdated' }, moved, false)).toBe('outdated')
    expect(translationOf(before, moved, true)).toBe('done')
    expect(translationOf(before, { ...moved, en: { ...en, todo: 'Else.' } }, false)).toBe('done')
  })

  it('is read in English as far as there is any, with what to say of it', () => {
    expect(saidIn({ texts: { cs, en }, translation: 'outdated' }, 'en')).toMatchObject({
      title: 'a',
      lang: 'en',
      lag: 'outdated',
    })
    expect(saidIn({ texts: { cs, en }, translation: 'missing' }, 'en')).toMatchObject({
      title: cs.title,
      lang: 'cs',
      lag: 'missing',
    })
    expect(saidIn({ texts: { cs, en }, translation: 'missing' }, 'cs')).toMatchObject({
      title: cs.title,
      lag: null,
    })
  })
})

describe('what changed', () => {
  it('is told by paragraphs that went and came', () => {
    expect(paragraphsBetween('jedna\ndva\ntři', 'jedna\ndvě\ntři\nčtyři')).toEqual([
      { before: 'dva', after: 'dvě' },
      { before: '', after: 'čtyři' },
    ])
    expect(paragraphsBetween('x', 'x')).toEqual([])
  })

  it('leaves out only what stayed', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const pairs = paragraphsBetween(a.join('\n'), b.join('\n'))
        const gone = pairs.flatMap((one) => (one.before === '' ? [] : one.before.split('\n')))
        const came = pairs.flatMap((one) => (one.after === '' ? [] : one.after.split('\n')))
        expect(a.length - gone.length).toBe(b.length - came.length)
      }),
    )
  })
})

it('every template fits a draft and says all its parts in both languages', () => {
  expect(templates().length).toBeGreaterThanOrEqual(6)
  for (const { id } of templates()) {
    const draft = readDraft(templateOf(id))
    for (const lang of ['cs', 'en'] as const)
      for (const part of parts) expect([id, draft.texts[lang][part]]).not.toEqual([id, ''])
  }
})
