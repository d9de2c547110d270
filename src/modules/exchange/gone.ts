/** What is said where a warning was taken back. */
import type { T } from '../../platform/i18n.ts'
import type { Released } from './released.ts'

/** Why it is no longer there, in the reader's language. */
export const goneText = (one: Pick<Released, 'standing' | 'number' | 'reason'>, t: T): string =>
  one.standing === 'revoked'
    ? t('feeds.revoked', { number: one.number, reason: one.reason ?? '–' })
    : t('feeds.withdrawn', { number: one.number })
