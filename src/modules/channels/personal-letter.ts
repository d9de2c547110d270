/** What letters to a person as such have in common: no label, no banner, and nothing to leave. */
import type { Context } from '../../platform/context.ts'
import type { T } from '../../platform/i18n.ts'
import { type Block, type Letter, subjectLine } from './letter.tsx'

/** `answer` is what it says, in one sentence. */
export const personalLetter = (t: T, subject: string, answer: string, blocks: Block[]): Letter => ({
  lang: t.lang,
  subject: subjectLine({ exercise: false, tlp: null, text: subject }),
  kind: 'account',
  label: null,
  banner: null,
  answer,
  blocks,
  leave: null,
})

/** Its last line: the coordinators' telephone, or where there is none the words of `otherwise`. */
export function whomToCall({ settings }: Context, t: T, otherwise: string): Block {
  const phone = settings.coordinatorPhone
  return { kind: 'small', lines: [phone ? t('mails.phone', { phone }) : t(otherwise)] }
}
