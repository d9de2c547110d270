/** Where an organisation stands, in words. */
import { dayShort } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { MatchLine } from '../read.ts'

export const answerIn = (t: T, word: string): string =>
  t(word === 'pending' ? 'matches.answer.pending' : `written.answer.${word}`)

/** "We work on it, planned: 5 March, 3 affected" */
export const standingWords = (t: T, item: Pick<MatchLine, 'answer' | 'plannedOn' | 'affected'>): string =>
  [
    answerIn(t, item.answer),
    ...(item.plannedOn ? [t('matches.planned', { day: dayShort(item.plannedOn, t, true) })] : []),
    ...(item.affected === null ? [] : [t('matches.affected', { n: item.affected })]),
  ].join(', ')
