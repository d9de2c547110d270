/** What a call is called: in mails and on pages, and in short messages without diacritics. */
import type { Lang, T } from '../../platform/i18n.ts'
import type { Answer, Broadcast, Class } from './types.ts'

/** `POPLACH 3/2026`; of a drill `CVIČENÍ 3/2026`. */
export const nameOf = (call: Pick<Broadcast, 'class' | 'number'>, t: T): string =>
  `${t(`rollcalls.word.${call.class}`)} ${call.number ?? ''}`.trim()

export const isExercise = (cls: Class): boolean => cls === 'drill'

export const labelOf = (answer: Answer, lang: Lang): string => answer[lang]

/** The words of an answer, of `seen`, or of nothing yet. */
export function answerWords(call: Pick<Broadcast, 'answers'>, code: string | null, t: T): string {
  if (code === null) return '–'
  const answer = call.answers.find((one) => one.code === code)
  return answer ? labelOf(answer, t.lang) : t('rollcalls.seen')
}
