/** What a person sees and changes of their own account. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { NotFound, WrongState } from '../../platform/errors.ts'
import { forgottenBefore } from '../../platform/retention.ts'
import { end, endAll, endOf, forgetOver, type Session } from '../../platform/sessions.ts'
import { isStrong, type Proof } from '../../platform/strength.ts'
import { parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { forgetChecks } from './contacts/verify.ts'
import { forgetUses } from './keys.ts'
import { tidyMeans } from './means.ts'
import { forgetDevices } from './notices.ts'
import { forgottenMs } from './slow-down.ts'

export interface OwnSession {
  /** By what its holder may end it: the hash of its token, base64url. */
  name: string
  current: boolean
  /** The second factor was not given yet. */
  isHalf: boolean
  /** Milliseconds since 1970. */
  began: number
  seen: number
  address: string | null
  agent: string | null
  /** The organisation in whose range the address lies, where the reader may see that. */
  place: string | null
}

/** The actor's sessions that still work, the newest use first; at most 50. */
export async function ownSessions(tx: Tx, session: Session): Promise<OwnSession[]> {
  const { rows } = await tx.query<
    Omit<OwnSession, 'name' | 'isHalf' | 'place'> & { hash: Buffer; ways: Proof[] }
  >(
    `select token_hash as hash, token_hash = $1 as current, (extract(epoch from created_at) * 1000)::float8 as began,
       (extract(epoch from seen_at) * 1000)::float8 as seen, address, agent, ways
     from sessions where person_id = (select actor_person()) and expires_at > (select actor_now())
     order by token_hash = $1 desc, seen_at desc limit 50`,
    [session.tokenHash],
  )
  const places = await placesOf(tx, rows)
  return rows.map(({ hash, ways, ...row }) => ({
    ...row,
    name: hash.toString('base64url'),
    isHalf: session.hasSecond && !isStrong(ways),
    place: (row.address && places.get(row.address)) ?? null,
  }))
}

/** In whose ranges the addresses lie now, as far as the actor may see ranges. */
async function placesOf(tx: Tx, from: { address: string | null }[]): Promise<Map<string, string>> {
  const nets = [...new Set(from.map((one) => one.address ?? ''))].flatMap((address) => {
    const net = parseNet(address)
    return net ? [{ address, inet: bounds(net)[0] }] : []
  })
  const { rows } = await tx.query<{ address: string; name: string }>(
    `select a.address, min(o.name) as name from unnest($1::text[], $2::inet[]) as a (address, inet)
     join networks n on family(n.net_from) = family(a.inet) and a.inet between n.net_from and n.net_to
       and n.valid_from <= (select actor_now()) and n.valid_to > (select actor_now())
     join organisations o on o.id = n.org_id group by a.address`,
    [nets.map((one) => one.address), nets.map((one) => one.inet)],
  )
  return new Map(rows.map((row) => [row.address, row.name]))
}

export interface Wishes {
  language: 'cs' | 'en'
  digest: 'daily' | 'weekly'
}

export async function ownWishes(tx: Tx, actor: Actor): Promise<Wishes> {
  const { rows } = await tx.query<Wishes>('select language, digest from people where id = $1', [actor.person])
  if (!rows[0]) throw new NotFound('There is no such person.')
  return rows[0]
}

/** Changes the language of mails and pages and how often the digest comes; as the actor itself. */
export async function changeWishes(tx: Tx, wishes: Wishes, by: Actor, now: number): Promise<void> {
  await tx.query('update people set language = $2, digest = $3 where id = $1', [
    by.person,
    wishes.language,
    wishes.digest,
  ])
  await trail(tx, 'members.change-wishes', wishes, by, now)
}

/** Signs out everywhere but here; answers how many sessions ended. */
export async function endOtherSessions(context: Context, session: Session, now: number): Promise<number> {
  const { actor, tokenHash } = session
  return asEngine(context.db, async (tx) => {
    const ended = await endAll(tx, actor.person, tokenHash)
    await trail(tx, 'members.end-other-sessions', { ended }, actor, now)
    return ended
  })
}

/** Signs out one other browser; one that is over already stays so. */
export async function endSession(
  context: Context,
  session: Session,
  name: string,
  now: number,
): Promise<void> {
  const { actor, tokenHash } = session
  const hash = Buffer.from(name, 'base64url')
  if (hash.equals(tokenHash)) throw new WrongState('This is the session you are in: sign out instead.')
  await asEngine(context.db, async (tx) => {
    if (await endOf(tx, actor.person, hash)) await trail(tx, 'members.end-session', {}, actor, now)
  })
}

export async function signOut(context: Context, session: Session, now: number): Promise<void> {
  await end(context.db.engine, session.tokenHash)
  await asEngine(context.db, (tx) => trail(tx, 'members.sign-out', {}, session.actor, now))
}

async function trail(tx: Tx, verb: string, detail: object, by: Actor, now: number): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${by.person}`,
    detail,
    readers: [COORDINATORS, personScope(by.person)],
  })
}

/** Deletes what no longer means anything: sessions and links that are over, failures that are forgotten. For a daily job. */
export async function tidy(db: Database, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await asEngine(db, async (tx) => {
    await forgetOver(tx, now)
    await forgetUses(tx, now)
    await forgetChecks(tx, now)
    await tx.query('delete from invitations where expires_at < $1', [
      await forgottenBefore(tx, 'invitations', now),
    ])
    await tx.query('delete from recoveries where expires_at < $1', [
      await forgottenBefore(tx, 'recoveries', now),
    ])
    await tx.query('delete from password_resets where expires_at <= $1', [at])
    await forgetDevices(tx, now)
    await tx.query('delete from sign_in_failures where at < $1', [new Date(now - forgottenMs).toISOString()])
  })
  await tidyMeans(db, now)
}
