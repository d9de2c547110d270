/** What a call is called: in mails and on pages, and in short messages without diacritics. */
import type { Lang, T } from '../../platform/i18n.ts'
import { type Answer, type Broadcast, type Class, usualAnswers } from './types.ts'

/** `POPLACH 3/2026`; of a drill `CVIČENÍ 3/2026`. */
export const nameOf = (call: Pick<Broadcast, 'class' | 'number'>, t: T): string =>
  `${t(`rollcalls.word.${call.class}`)} ${call.number ?? ''}`.trim()

export const isExercise = (cls: Class): boolean => cls === 'drill'

export const labelOf = (answer: Answer, lang: Lang): string => answer[lang]

/** What a label lets out by mail without encryption, text message and push (mail.md 1): above GREEN the number and the link alone. */
export const isOpenWord = ({ tlp }: Pick<Broadcast, 'tlp'>): boolean => tlp === 'CLEAR' || tlp === 'GREEN'

/** An answer as a message names it: what somebody wrote for this call alone is kept in with the rest of it. */
export const labelOutside = (
  call: Pick<Broadcast, 'tlp'>,
  answer: Answer,
  t: T,
  isWhole = isOpenWord(call),
): string =>
  isWhole || usualAnswers.some((one) => one.cs === answer.cs && one.en === answer.en)
    ? labelOf(answer, t.lang)
    : t('rollcalls.answer.unnamed', { code: answer.code })

/** The words of an answer, of `seen`, or of nothing yet. */
export function answerWords(call: Pick<Broadcast, 'answers'>, code: string | null, t: T): string {
  if (code === null) return '–'
  const answer = call.answers.find((one) => one.code === code)
  return answer ? labelOf(answer, t.lang) : t('rollcalls.seen')
}
