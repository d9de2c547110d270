/** A reason as a sentence in the reader's language. */
import type { T } from '../../../platform/i18n.ts'
import { rangeText } from '../../../values/version-range.ts'
import type { Reason } from './match.ts'

export function sentenceOf(t: T, reason: Reason): string {
  switch (reason.about) {
    case 'vendor':
      return t(`matching.vendor.${reason.how}`, { asset: reason.asset, affected: reason.affected })
    case 'words':
      return t('matching.words', { words: t.list(reason.words) })
    case 'model':
      return t('matching.model', { words: t.list(reason.words.map((word) => word.toUpperCase())) })
    case 'identifier':
      return t(`matching.identifier.${reason.kind}`)
    case 'person':
      return t('matching.person', { name: reason.name })
    case 'version':
      return t(`matching.version.${versionWords(reason)}`, {
        asset: reason.asset,
        affected: rangeText(reason.affected) || reason.affected,
      })
  }
}

/** A version that was compared and is still not certain is told apart from one that is not known. */
const versionWords = ({ how, asset }: Extract<Reason, { about: 'version' }>): string =>
  how === 'unknown' && asset !== '' ? 'coarse' : how
