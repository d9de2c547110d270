/** Signing in: a proof is judged, guesses are slowed down, both outcomes leave a line in the trail. */
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, named } from '../../platform/database.ts'
import { begin as beginSession } from '../../platform/sessions.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { begin, release, signInBrakes } from './slow-down.ts'
import { byPassword, type Way } from './ways.ts'

export interface From {
  address: string
  agent: string
}

/** `wrong` never says what was wrong; `slow-down` comes for unknown accounts just the same. */
export type SignedIn = { token: string } | { refusal: 'wrong' } | { refusal: 'slow-down'; waitMs: number }

/** Signs in by e-mail and password. */
export const signIn = (
  context: Context,
  given: { email: string; password: string } & From,
  now: number,
): Promise<SignedIn> => enter(context, byPassword, given, given, now)

/** Signs in by any way: a session's token, which only the cookie may hold, or the refusal. */
export async function enter<Proof>(
  context: Context,
  way: Way<Proof>,
  proof: Proof,
  from: From,
  now: number,
): Promise<SignedIn> {
  const { db, settings } = context
  const brakes = signInBrakes(settings.secret, way.accountOf(proof), from.address)
  const waitMs = await begin(db, brakes, now)
  if (waitMs > 0) {
    await trail(context, 'members.sign-in-refused', null, { way: way.name, doubt: 'slow-down' }, from, now)
    return { refusal: 'slow-down', waitMs }
  }
  const proved = await way
    .prove(db.engine, proof, now)
    .catch((error: unknown) => Promise.reject(named(error)))
  if (!proved.ok) {
    const detail = { way: way.name, doubt: proved.doubt }
    await trail(context, 'members.sign-in-refused', proved.person, detail, from, now)
    return { refusal: 'wrong' }
  }
  await asEngine(db, (tx) => release(tx, brakes, now))
  await trail(context, 'members.sign-in', proved.person, { way: way.name }, from, now)
  return { token: await beginSession(context, proved.person, from, now) }
}

/** Without an actor: whoever tries is not known yet. The object says whose account it was about. */
async function trail(
  { db }: Context,
  verb: string,
  person: number | null,
  detail: object,
  from: From,
  now: number,
): Promise<void> {
  await asEngine(db, (tx) =>
    record(tx, {
      at: now,
      actor: null,
      verb,
      object: person === null ? 'unknown person' : `person ${person}`,
      detail: { ...detail, address: from.address },
      readers: [COORDINATORS, ...(person === null ? [] : [personScope(person)])],
    }),
  )
}
