/** Answers by text message: a letter and the code of the message. Letters answer warnings; digits are for roll-calls and change nothing here. */
import type { Database } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { codedReply, type Understand } from '../channels/index.ts'
import { answer } from './answers.ts'
import { answer as answerWritten } from './written/answers.ts'

/** Source: mail.md 11: vidíme, netýká se, řešíme, hotovo. */
const letters = { V: 'seen', N: 'not_affected', R: 'working', H: 'done' } as const

const wordOf = (sign: string) => (sign in letters ? letters[sign as keyof typeof letters] : null) // just looked

/** Takes what answers a warning, with the rights that its writer has now; what cannot be so is left to a coordinator with the reason. */
export function understandAnswers(db: Database): Understand {
  return async (tx, reply, now) => {
    const coded = await codedReply(tx, reply, now)
    if (coded === null || 'not' in coded) return coded
    const { sign, rest, warning, written, org, actor } = coded
    if (warning === null && written === null) return null
    const word = wordOf(sign)
    if (word === null) return { not: /\d/.test(sign) ? 'digit' : 'letter' }
    const given = { org, answer: word, note: rest || null, via: 'sms' as const }
    try {
      // A transaction of its own: when the reply cannot be kept it comes again, and the same answer again changes nothing.
      if (warning !== null) await answer(db, actor, warning, given, now)
      else await answerWritten(db, actor, written ?? 0, given, now)
      return word
    } catch (error) {
      if (error instanceof Forbidden) return { not: 'role' }
      if (error instanceof Invalid) return { not: 'note' }
      if (error instanceof NotFound || error instanceof WrongState) return { not: 'over' }
      throw error
    }
  }
}
