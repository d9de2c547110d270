/** Signing in: a proof is judged, guesses are slowed down, both outcomes leave a line in the trail. */
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, atOnce, named, type Tx, together } from '../../platform/database.ts'
import { begin as beginSession, end, newToken, type Session } from '../../platform/sessions.ts'
import { type Proof, type Reach, reachOf } from '../../platform/strength.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { carryOn } from './federation/sign-out.ts'
import { noteDevice, notify } from './notices.ts'
import { type Brake, release, signInBrakes, tryOnce } from './slow-down.ts'
import { byPassword, type From, type Standing, standingOf, type Way } from './ways.ts'

/** `wrong` never says what was wrong; `slow-down` comes for unknown accounts just the same. */
export type Refused = { refusal: 'wrong' } | { refusal: 'slow-down'; waitMs: number }
/** `reach` short of `full` says which step comes next. */
export type SignedIn = { token: string; reach: Reach; by: Proof } | Refused

/** Signs in by e-mail and password. */
export const signIn = (
  context: Context,
  given: { email: string; password: string } & From,
  now: number,
): Promise<SignedIn> => enter(context, byPassword, given, given, now)

/**
 * Signs in by any way: a session's token, which only the cookie may hold, or the refusal. `half` is the session whose
 * first half was proved before; it ends.
 */
export async function enter<Given>(
  context: Context,
  way: Way<Given>,
  given: Given,
  from: From,
  now: number,
  half: Session | null = null,
): Promise<SignedIn> {
  const judged = await judge(context, way, given, from, now)
  if ('refusal' in judged) return judged
  const { person, by, brakes } = judged
  const ways: Proof[] = [...(half?.ways ?? []), by]
  const standing =
    judged.standing ?? (await standingOf(context.db.engine, person, from.device, now).catch(misnamed))
  const reach = reachOf({ ways, ...standing }, context.settings)
  const token = newToken()
  const begun = { token, reach, isNoted: standing.wellKnown }
  await atOnce(context.db.engine, (tx) => ({
    released: release(tx, brakes, now),
    ...write(tx, { person, ways, by, from }, begun, now),
    on: half && carryOn(tx, half.tokenHash, token),
    over: half && end(tx, half.tokenHash),
  }))
  return { token, reach, by }
}

const misnamed = (error: unknown): Promise<never> => Promise.reject(named(error))

/** A new session takes the place of one that proved less. */
async function succeed(tx: Tx, before: Session, token: string): Promise<void> {
  await carryOn(tx, before.tokenHash, token)
  await end(tx, before.tokenHash)
}

interface Proven {
  person: number
  ways: Proof[]
  /** The last of them. */
  by: Proof
  from: From
}

/** Begins the session of who has proved who they are, as far as that reaches. */
export async function beginAs(
  tx: Tx,
  context: Context,
  { person, ways, by, from }: Proven,
  now: number,
): Promise<{ token: string; reach: Reach; by: Proof }> {
  const standing = await standingOf(tx, person, from.device, now)
  const reach = reachOf({ ways, ...standing }, context.settings)
  const token = newToken()
  const begun = { token, reach, isNoted: standing.wellKnown }
  await together(write(tx, { person, ways, by, from }, begun, now))
  return { token, reach, by }
}

/** Writes the session, its line in the trail and who hears of it; all asked at once. */
function write(
  tx: Tx,
  { person, ways, by, from }: Proven,
  { token, reach, isNoted }: { token: string; reach: Reach; isNoted: boolean },
  now: number,
): Record<string, unknown> {
  const verb = reach === 'full' ? 'members.sign-in' : 'members.sign-in-begun'
  return {
    session: beginSession(tx, { person, from, ways, token, ...lives[reach] }, now),
    device: reach === 'full' && !isNoted && noteDevice(tx, person, from, now),
    notice: by === 'recovery' && notify(tx, person, { template: 'means-changed', verb: 'use-code' }, now),
    line: trail(tx, verb, { person, proved: true }, { way: ways.join('+') }, from, now),
  }
}

/** A session that waits for its second half does not wait long; the life of a full one is the platform's. */
const lives: Record<Reach, { lifeMs?: number }> = {
  full: {},
  second: { lifeMs: 10 * 60_000 },
  enrol: { lifeMs: 30 * 60_000 },
}

/** A proof that holds. Whoever goes on with it releases the brakes in the transaction of what it was for. */
export interface Judged {
  person: number
  by: Proof
  /** Where the way has read it anyway. */
  standing?: Standing
  brakes: Brake[]
}

/** Judges one proof: guesses are slowed down, and a refusal is recorded. */
export async function judge<Given>(
  context: Context,
  way: Way<Given>,
  given: Given,
  from: From,
  now: number,
): Promise<Judged | Refused> {
  const { db, settings } = context
  const brakes = signInBrakes(settings.secret, way.accountOf(given), from.address)
  const refuse = (person: number | null, doubt: string): Promise<void> =>
    asEngine(db, (tx) =>
      trail(tx, 'members.sign-in-refused', { person, proved: false }, { way: way.name, doubt }, from, now),
    )
  const looked = way.look(db.engine, { ...from, ...given }, now)
  // Should the try not be made, nobody asks for it.
  looked.catch(() => {})
  const tried = await tryOnce(db, brakes, now, async () => (await looked)()).catch(misnamed)
  if ('waitMs' in tried) {
    await refuse(null, 'slow-down')
    return { refusal: 'slow-down', waitMs: tried.waitMs }
  }
  const proved = tried.outcome
  if (!proved.ok) {
    await refuse(proved.person, proved.doubt)
    return { refusal: 'wrong' }
  }
  return { person: proved.person, by: proved.by, standing: proved.standing, brakes }
}

/** Somebody signed in has set up and so proved one more means: a new session that reaches further takes the place of this one. */
export async function strengthen(
  tx: Tx,
  session: Session,
  by: Proof,
  from: From,
  now: number,
): Promise<string> {
  await noteDevice(tx, session.actor.person, from, now)
  const ways = [...new Set([...session.ways, by])]
  const token = await beginSession(tx, { person: session.actor.person, from, ways }, now)
  await succeed(tx, session, token)
  return token
}

/** Without an actor where nothing was proved: who tried is not known. The object says whose account it was about. */
async function trail(
  tx: Tx,
  verb: string,
  { person, proved }: { person: number | null; proved: boolean },
  detail: object,
  from: From,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: proved && person !== null ? { person } : null,
    verb,
    object: person === null ? 'unknown person' : `person ${person}`,
    detail: { ...detail, address: from.address },
    readers: [COORDINATORS, ...(person === null ? [] : [personScope(person)])],
  })
}
