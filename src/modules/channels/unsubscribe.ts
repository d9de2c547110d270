/**
 * Leaving ordinary mails by one click (RFC 8058). The link in a mail needs no sign-in and lives as long as the mail does:
 * it holds what is left, the hash of the address, and a seal of this installation.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Actor, asActor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { fitsAny, type Under } from '../../platform/seal.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'

/** What a link can leave: ordinary single mails (they then come in the digest), or the digest itself. */
export type Left = 'singles' | 'digest'
const letters: Record<Left, string> = { singles: 's', digest: 'd' }

export const choices = ['daily', 'weekly', 'none'] as const
export type Choice = (typeof choices)[number]

const keyOf = (address: string): Buffer =>
  createHash('sha256').update(address.toLowerCase()).digest().subarray(0, 16)

const sealOf = (secret: string, letter: string, key: Buffer): Buffer =>
  createHmac('sha256', secret).update(`unsubscribe ${letter} `).update(key).digest().subarray(0, 16)

/** The last part of `/u/…`: a letter and 43 characters. */
export function leaveToken(secret: string, left: Left, address: string): string {
  const key = keyOf(address)
  const letter = letters[left]
  return letter + Buffer.concat([key, sealOf(secret, letter, key)]).toString('base64url')
}

export interface Link {
  left: Left
  key: Buffer
}

/** Reads a link; throws `NotFound` for one that we did not make. */
export function readToken(secrets: Under, token: string): Link {
  const bytes = Buffer.from(token.slice(1), 'base64url')
  const left = token.startsWith('s') ? 'singles' : 'digest'
  const key = bytes.subarray(0, 16)
  const right =
    /^[sd][\w-]{43}$/.test(token) &&
    bytes.length === 32 &&
    fitsAny(secrets, (one) => timingSafeEqual(bytes.subarray(16), sealOf(one, letters[left], key)))
  if (!right) throw new NotFound('This link is not one of ours')
  return { left, key }
}

export interface Standing {
  singles: boolean
  /** Null: as the person set it in its account. */
  digest: Choice | null
}

/** What the owner of a link chose by links so far. */
export async function standing(db: Database, link: Link): Promise<Standing> {
  const { rows } = await db.engine.query<{ singles: boolean; digest: Choice | null }>(
    'select singles, digest from mail_choices where address_key = $1',
    [link.key],
  )
  return rows[0] ?? { singles: true, digest: null }
}

/** What the actor of the transaction chose by links in its mails; null when nothing. */
export async function ownStanding(tx: Queryable): Promise<Standing | null> {
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    'select singles, digest from mail_choices',
  )
  return rows[0] ?? null
}

/** Takes back what the actor chose by links: from now on its account's own setting holds again. */
export function clearOwn(db: Database, by: Actor, now: number): Promise<void> {
  return asActor(db, by, now, async (tx) => {
    const { rowCount } = await tx.query('delete from mail_choices')
    if (rowCount === 0) return
    await record(tx, {
      at: now,
      actor: by,
      verb: 'channels.clear-mail-choice',
      object: `person ${by.person}`,
      readers: [COORDINATORS, personScope(by.person)],
    })
  })
}

/** Leaves what the link names; doing it again changes nothing. */
export async function leave(db: Database, link: Link, now: number): Promise<void> {
  if (link.left === 'singles') await choose(db, link, { singles: false, digest: null }, now)
  else await choose(db, link, { singles: null, digest: 'none' }, now)
}

/** Sets what is not null, and leaves the rest as it was. */
export async function choose(
  db: Database,
  link: Link,
  wish: { singles: boolean | null; digest: Choice | null },
  now: number,
): Promise<void> {
  await db.engine.query(
    `insert into mail_choices (address_key, singles, digest, changed_at)
     values ($1, coalesce($2, true), $3, to_timestamp($4 / 1000.0))
     on conflict (address_key) do update
       set singles = coalesce($2, mail_choices.singles), digest = coalesce($3, mail_choices.digest), changed_at = excluded.changed_at`,
    [link.key, wish.singles, wish.digest, now],
  )
}
