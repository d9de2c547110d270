/** A written warning in the reader's language, as far as there is a translation. */
import type { Lang } from '../../../platform/i18n.ts'
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
