/** A written warning in the reader's language, as far as there is a translation. */
import type { Lang, T } from '../../../platform/i18n.ts'
import type { Holding } from './owners.ts'
import type { Text, Version } from './types.ts'

export interface Said extends Text {
  /** The language that it is in. */
  lang: Lang
  /** The reader's language is another, or an earlier state of the text. */
  lag: 'missing' | 'outdated' | null
}

/** English where there is any, with what to say of it; Czech otherwise. */
export function saidIn(version: Pick<Version, 'texts' | 'translation'>, lang: Lang): Said {
  if (lang === 'cs') return { ...version.texts.cs, lang, lag: null }
  if (version.translation === 'missing') return { ...version.texts.cs, lang: 'cs', lag: 'missing' }
  return { ...version.texts.en, lang, lag: version.translation === 'outdated' ? 'outdated' : null }
}

/** "This concerns what you run: 14 pieces, 2 departments." What of theirs it is stands on the page. */
export const ownsWords = (t: T, { pieces, departments }: Pick<Holding, 'pieces' | 'departments'>): string =>
  t('written.owns', { what: amountWords(t, { pieces, departments }) })

const amountWords = (t: T, { pieces, departments }: Pick<Holding, 'pieces' | 'departments'>): string =>
  [
    t('written.owns.pieces', { n: pieces }),
    ...(departments > 0 ? [t('written.owns.departments', { n: departments })] : []),
  ].join(', ')

/** "yours: 14 × Philips IntelliVue MX40 (14 pieces, 2 departments)", for its own people alone. */
export const holdingWords = (t: T, { pieces, departments, what }: Holding): string =>
  t('written.owns.what', {
    what: what.map((one) => `${t.number(one.pieces)} × ${one.name}`).join(', '),
    sum: amountWords(t, { pieces, departments }),
  })
