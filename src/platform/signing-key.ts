/**
 * The installation's OpenPGP key: one for all nodes, made at the first need, its private part sealed in the database. It signs
 * mails and what programs fetch. A rotation makes a new one; earlier ones stay listed unless they are distrusted.
 */
import type { PrivateKey } from 'openpgp'
import { COORDINATORS, OPERATORS } from '../values/scopes.ts'
import type { Actor } from './access.ts'
import { record } from './audit.ts'
import type { Settings } from './context.ts'
import { asEngine, type Database, kept, type Queryable } from './database.ts'
import { Unavailable } from './errors.ts'
import { seal, unseal } from './seal.ts'

/** `mailFrom` (`Name <address>`) becomes the key's user id, so that readers of signed mails see whose it is. */
export type Signing = Pick<Settings, 'secret' | 'earlierSecrets' | 'baseUrl' | 'mailFrom'>

export interface PublicKey {
  /** Capital hexadecimal. */
  fingerprint: string
  /** Armoured. */
  publicKey: string
  /** Milliseconds since 1970. */
  madeAt: number
}

export interface SigningKey extends PublicKey {
  /** Opened, ready for openpgp's `signingKeys` and `decryptionKeys`. */
  privateKey: PrivateKey
}

const hourMs = 3_600_000
const minutesBehindMs = 300_000

/** Where everybody may fetch it: one place for mails, programs and people. */
export const publicKeyPath = (fingerprint: string): string => `/openpgp/${fingerprint}.asc`

/** The key that signs now. `db` is the engine's. `Unavailable` when it was sealed under another secret. */
export async function signingKey(db: Queryable, settings: Signing, now: number): Promise<SigningKey> {
  const { sealed, ...shown } = (await present(db)) ?? (await makeFirst(db, settings, now))
  const armoredKey = unseal(settings, sealed)
  if (armoredKey === null)
    throw new Unavailable(
      'The signing key was sealed under another HSOC_SECRET: without that secret, here or in HSOC_SECRET_EARLIER, nothing can be signed.',
    )
  const { readPrivateKey } = await import('openpgp')
  return { ...shown, privateKey: await readPrivateKey({ armoredKey }) }
}

/** A detached, armoured signature of these bytes. */
export async function signDetached(key: SigningKey, bytes: Uint8Array, now: number): Promise<string> {
  const { createMessage, sign } = await import('openpgp')
  const message = await createMessage({ binary: bytes })
  // Who checks may be behind us, and refuses what seems to be signed in the future.
  const date = new Date(Math.max(now - minutesBehindMs, key.madeAt))
  return sign({ message, signingKeys: key.privateKey, detached: true, format: 'armored', date })
}

/** Keys by which our signatures can be checked, the present one first. Makes none: empty before the first was needed. */
export async function publicKeys(db: Queryable): Promise<PublicKey[]> {
  const { rows } = await db.query<Row>(kept(`${columns} where not distrusted order by id desc`))
  return rows.map(keyOf)
}

/** Retires the present key and makes another. `distrust`: somebody else may have the private part, so it is no longer shown. */
export async function rotateSigningKey(
  db: Database,
  settings: Signing,
  wanted: { distrust: boolean },
  by: Actor,
  now: number,
): Promise<PublicKey> {
  const before = await signingKey(db.engine, settings, now)
  const made = await generate(settings, now)
  await asEngine(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update signing_keys set retired_at = to_timestamp($2 / 1000.0), distrusted = $3
       where fingerprint = $1 and retired_at is null`,
      [before.fingerprint, now, wanted.distrust],
    )
    if (rowCount === 0) throw new Unavailable('Somebody else has just changed the signing key.')
    await insert(tx, made)
    await record(tx, {
      at: now,
      actor: by,
      verb: 'platform.new-signing-key',
      object: 'signing key',
      detail: { fingerprint: made.fingerprint, before: before.fingerprint, distrusted: wanted.distrust },
      readers: [COORDINATORS, OPERATORS],
    })
  })
  return { fingerprint: made.fingerprint, publicKey: made.publicKey, madeAt: made.madeAt }
}

interface Row extends Record<string, unknown> {
  fingerprint: string
  public_key: string
  sealed_key: string
  made_at: Date
}
type Sealed = PublicKey & { sealed: string }

const columns = 'select fingerprint, public_key, sealed_key, made_at from signing_keys'

const keyOf = (row: Row): PublicKey => ({
  fingerprint: row.fingerprint,
  publicKey: row.public_key,
  madeAt: row.made_at.getTime(),
})

async function present(db: Queryable): Promise<Sealed | undefined> {
  const { rows } = await db.query<Row>(`${columns} where retired_at is null`)
  return rows[0] && { ...keyOf(rows[0]), sealed: rows[0].sealed_key }
}

/** Of two nodes that come at once the first one's counts for both. */
async function makeFirst(db: Queryable, settings: Signing, now: number): Promise<Sealed> {
  await insert(db, await generate(settings, now))
  const found = await present(db)
  if (!found) throw new Unavailable('The signing key could not be kept.')
  return found
}

async function insert(db: Queryable, key: Sealed): Promise<void> {
  await db.query(
    `insert into signing_keys (fingerprint, public_key, sealed_key, made_at)
     values ($1, $2, $3, to_timestamp($4 / 1000.0)) on conflict ((true)) where retired_at is null do nothing`,
    [key.fingerprint, key.publicKey, key.sealed, key.madeAt],
  )
}

/**
 * Signs by Ed25519; its subkey lets mail programs encrypt to us, as the field Autocrypt wants. Both in the older form: GnuPG 2.2,
 * which is on most desks, and the checkers of CSAF providers read no other. It does not expire, it is rotated.
 */
async function generate(settings: Signing, now: number): Promise<Sealed> {
  const { generateKey } = await import('openpgp')
  // Begins an hour early: who checks may be behind us.
  const date = new Date(Math.floor((now - hourMs) / 1000) * 1000)
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [userIdOf(settings)],
    date,
    format: 'object',
  })
  return {
    fingerprint: publicKey.getFingerprint().toUpperCase(),
    publicKey: publicKey.armor(),
    sealed: seal(settings.secret, privateKey.armor()),
    madeAt: date.getTime(),
  }
}

function userIdOf({ mailFrom, baseUrl }: Signing): { name: string; email: string } {
  const parts = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(mailFrom ?? '')
  return {
    name: parts?.[1] || 'hSOC',
    email: parts?.[2] ?? mailFrom?.trim() ?? `hsoc@${new URL(baseUrl).hostname}`,
  }
}
