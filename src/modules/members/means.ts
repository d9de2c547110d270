/** The means by which a person signs in: which there are, and that the last one needed is not taken away. */
import type { Actor } from '../../platform/access.ts'
import { record, type Self } from '../../platform/audit.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { WrongState } from '../../platform/errors.ts'
import { endAll } from '../../platform/sessions.ts'
import { needsStrong, type Policy } from '../../platform/strength.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { notify } from './notices.ts'

export interface OwnPasskey {
  id: number
  name: string
  /** Kept by a provider on several devices. */
  backedUp: boolean
  /** Milliseconds since 1970. */
  added: number
  used: number | null
}

export interface OwnMeans {
  /** When the authenticator app was set up; null without one. */
  totp: number | null
  passkeys: OwnPasskey[]
  /** Recovery codes not used yet, and when they were made; null when there never were any. */
  codes: { left: number; made: number } | null
}

/** The actor's own means, read as the actor. */
export async function ownMeans(tx: Tx, actor: Actor): Promise<OwnMeans> {
  const [{ rows: totp }, { rows: passkeys }, { rows: codes }] = [
    await tx.query<{ at: Date | null }>('select confirmed_at as at from totp where person_id = $1', [
      actor.person,
    ]),
    await tx.query<{ id: number; name: string; backed_up: boolean; created_at: Date; used_at: Date | null }>(
      'select id, name, backed_up, created_at, used_at from passkeys where person_id = $1 order by created_at, id',
      [actor.person],
    ),
    await tx.query<{ left: number; made: Date | null }>(
      `select count(*) filter (where used_at is null)::int as left, max(created_at) as made
       from recovery_codes where person_id = $1`,
      [actor.person],
    ),
  ]
  const [counted] = codes
  return {
    totp: totp[0]?.at?.getTime() ?? null,
    passkeys: passkeys.map((one) => ({
      id: one.id,
      name: one.name,
      backedUp: one.backed_up,
      added: one.created_at.getTime(),
      used: one.used_at?.getTime() ?? null,
    })),
    codes: counted?.made ? { left: counted.left, made: counted.made.getTime() } : null,
  }
}

export async function hasPasskeys(tx: Tx, person: number): Promise<boolean> {
  const { rowCount } = await tx.query('select 1 from passkeys where person_id = $1 limit 1', [person])
  return rowCount === 1
}

/** How many second factors the person has: each passkey is one, an app another. */
async function countSeconds(tx: Tx, person: number): Promise<number> {
  // Two removals at the same moment would each see the other's factor: they take turns.
  await tx.query('select 1 from people where id = $1 for update', [person])
  const { rows } = await tx.query<{ n: number }>(
    `select (select count(*) from totp where person_id = $1 and confirmed_at is not null)::int
       + (select count(*) from passkeys where person_id = $1)::int as n`,
    [person],
  )
  return rows[0]?.n ?? 0
}

/** Whether the actor's roles let no second factor go when it is the only one. */
export const mustKeepOne = (policy: Policy, actor: Actor): boolean =>
  needsStrong(
    actor.engagements.map((e) => e.role),
    policy,
  )

/** Throws WrongState when one more removal would leave a person without a second factor who must have one. */
export async function requireAnother(tx: Tx, policy: Policy, actor: Actor): Promise<void> {
  const seconds = await countSeconds(tx, actor.person)
  if (seconds < 2 && mustKeepOne(policy, actor))
    throw new WrongState('Your role needs a second factor: add another one before you remove the last.')
}

/** Codes that stand in for a second factor go with the last one. */
export async function forgetNeedlessCodes(tx: Tx, person: number): Promise<void> {
  await tx.query(
    `delete from recovery_codes where person_id = $1
       and not exists (select 1 from totp where person_id = $1 and confirmed_at is not null)
       and not exists (select 1 from passkeys where person_id = $1)`,
    [person],
  )
}

/** Takes every second factor and recovery code from a person and ends their sessions. Throws NotFound for nobody. */
export async function resetMeans(
  tx: Tx,
  person: number,
  by: Actor | Self | null,
  now: number,
): Promise<void> {
  await tx.query('select 1 from people where id = $1 for update', [person])
  await tx.query('delete from totp where person_id = $1', [person])
  await tx.query('delete from passkeys where person_id = $1', [person])
  await tx.query('delete from recovery_codes where person_id = $1', [person])
  await endAll(tx, person)
  await tell(tx, { verb: 'reset-means', person, by }, now)
}

/** Deletes challenges that could not be used any more anyway, and codes of apps that were never set up to the end. */
export async function tidyMeans(db: Database, now: number): Promise<void> {
  await asEngine(db, async (tx) => {
    const at = new Date(now).toISOString()
    await tx.query('delete from used_challenges where expires_at <= $1', [at])
    await tx.query(
      "delete from totp where confirmed_at is null and pending_at < $1::timestamptz - interval '1 day'",
      [at],
    )
  })
}

export interface Change {
  verb:
    | ('add-totp' | 'remove-totp' | 'add-passkey' | 'remove-passkey' | 'make-codes' | 'reset-means')
    | ('link-provider' | 'unlink-provider')
  person: number
  by: Actor | Self | null
  detail?: object
  /** Part of a change of which the person hears anyway. */
  isPart?: boolean
}

/** The line about a change of somebody's means, which they may read themselves, and a mail to them. */
export async function tell(
  tx: Tx,
  { verb, person, by, detail = {}, isPart }: Change,
  now: number,
): Promise<void> {
  if (!isPart) await notify(tx, person, { template: 'means-changed', verb }, now)
  await record(tx, {
    at: now,
    actor: by,
    verb: `members.${verb}`,
    object: `person ${person}`,
    detail,
    readers: [COORDINATORS, personScope(person)],
  })
}
