/** Each reason has its sentence, in both languages. */
import { expect, it } from 'vitest'
import { failOnMissing, langs, translator } from '../../../platform/i18n.ts'
import { type Reason, sentenceOf } from '../index.ts'

const vendors = (['same', 'alias', 'alike', 'named', 'unsaid', 'other'] as const).map(
  (how): Reason => ({ about: 'vendor', how, asset: 'Phillips', affected: 'Philips' }),
)
const versions = (['inside', 'all', 'unknown', 'unsaid', 'unclear'] as const).flatMap((how): Reason[] =>
  ['', '2.1'].map((asset) => ({ about: 'version', how, asset, affected: '< 2.3' })),
)
const reasons: Reason[] = [
  ...vendors,
  ...versions,
  { about: 'words', words: ['intellivue', 'mx40'] },
  { about: 'model', words: ['mx40'] },
  { about: 'identifier', kind: 'cpe' },
  { about: 'identifier', kind: 'purl' },
  { about: 'person', name: 'Jana Nová' },
]

it('every reason is said in Czech and in English', () => {
  failOnMissing(true)
  for (const lang of langs) {
    const said = reasons.map((reason) => sentenceOf(translator(lang), reason))
    expect(said.every((sentence) => sentence.endsWith('.') && !sentence.includes('{'))).toBe(true)
  }
  expect(sentenceOf(translator('cs'), { about: 'model', words: ['mx40'] })).toBe(
    'Označení modelu je stejné: MX40.',
  )
})
