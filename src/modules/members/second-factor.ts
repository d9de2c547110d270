/** The second half of a sign-in by password: a code of the app, or one from the paper. */
import type { Context } from '../../platform/context.ts'
import type { Under } from '../../platform/seal.ts'
import type { Session } from '../../platform/sessions.ts'
import { useCode } from './recovery-codes.ts'
import { enter, type SignedIn } from './sign-in.ts'
import { takeCode } from './totp.ts'
import type { From, Way } from './ways.ts'

export interface GivenCode {
  person: number
  code: string
}

/** Guesses count for the person apart from those of the password, whose success must not forgive them. */
export const byCode = (secrets: Under): Way<GivenCode> => ({
  name: 'code',
  accountOf: ({ person }) => `second factor of ${person}`,
  look: async (db, given, now) => async () => {
    // Both are tried whatever was typed, so that the time taken does not tell which of them the person has.
    const isOfApp = await takeCode(db, secrets, given, now)
    const isOfPaper = await useCode(db, secrets, given, now)
    if (isOfApp) return { ok: true, person: given.person, by: 'totp' }
    if (isOfPaper) return { ok: true, person: given.person, by: 'recovery' }
    return { ok: false, person: given.person, doubt: 'code' }
  },
})

/** Ends the half session and begins the whole one. */
export const giveSecond = (
  context: Context,
  half: Session,
  given: { code: string } & From,
  now: number,
): Promise<SignedIn> =>
  enter(context, byCode(context.settings), { person: half.actor.person, code: given.code }, given, now, half)
