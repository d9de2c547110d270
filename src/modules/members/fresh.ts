/** A fresh proof of who one is, for a session that goes on: before dangerous acts (`fresh` of a route's access). */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import { prove, type Session } from '../../platform/sessions.ts'
import { freshMs } from '../../platform/strength.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { byPasskey } from './passkeys.ts'
import { byCode } from './second-factor.ts'
import { judge, type Refused } from './sign-in.ts'
import { release } from './slow-down.ts'
import { byPassword, type From } from './ways.ts'

/** What was given; whoever has a second factor proves it with that one, a password does not do. */
export interface Given {
  password?: string
  code?: string
  passkey?: AuthenticationResponseJSON
}

export const isFresh = (session: Session, now: number): boolean => now < session.provedAt + freshMs

/** Null when it was proved, and written down; else why it was not. */
export async function proveAgain(
  context: Context,
  session: Session,
  given: Given & From,
  now: number,
): Promise<Refused | null> {
  const { actor, tokenHash } = session
  const judged = await judgeGiven(context, session, given, now)
  if ('refusal' in judged) return judged
  // A passkey says itself whose it is: somebody else's proves nothing here.
  if (judged.person !== actor.person) return { refusal: 'wrong' }
  await asEngine(context.db, async (tx) => {
    await release(tx, judged.brakes, now)
    await prove(tx, tokenHash, now)
    await record(tx, {
      at: now,
      actor,
      verb: 'members.prove-again',
      object: `person ${actor.person}`,
      detail: { way: judged.by, address: given.address },
      readers: [COORDINATORS, personScope(actor.person)],
    })
  })
  return null
}

function judgeGiven(
  context: Context,
  { actor, hasSecond }: Session,
  given: Given & From,
  now: number,
): ReturnType<typeof judge> {
  const { settings } = context
  if (!hasSecond)
    return judge(context, byPassword, { email: actor.email, password: given.password ?? '' }, given, now)
  if (given.passkey) return judge(context, byPasskey(settings), given.passkey, given, now)
  return judge(context, byCode(settings), { person: actor.person, code: given.code ?? '' }, given, now)
}
