/**
 * Reading an OpenPGP public key that somebody pasted: small, one, not private, and good for encrypting now. What is refused has a code,
 * which is a word of `pgp.wrong.*`.
 */
import type { PublicKey } from 'openpgp'
import { Invalid } from '../../../platform/errors.ts'

/** Characters. A key of one person with a few signatures has 2 to 6 thousand. */
export const mostCharacters = 65_536
const mostUserIds = 10
const mostSubkeys = 10
const leastRsaBits = 2048

export interface ReadKey {
  /** Upper case, without blanks. */
  fingerprint: string
  armored: string
  /** Milliseconds since 1970, from when on nothing can be encrypted with it; null: never. */
  expiresAt: number | null
}

export const keyFaults = [
  ...['empty', 'large', 'private', 'none', 'several', 'broken', 'users', 'subkeys'],
  ...['revoked', 'expired', 'weak', 'unfit'],
] as const
export type KeyFault = (typeof keyFaults)[number]

const wrong = (fault: KeyFault): Invalid =>
  new Invalid('This is no key that mails can be encrypted with', { key: fault })

/** Throws `Invalid` with one of `keyFaults` as the fault of the field `key`. */
export async function readPublicKey(text: string, now: number): Promise<ReadKey> {
  const fault = faultOfText(text)
  if (fault) throw wrong(fault)
  const { readKeys } = await import('openpgp')
  const keys = await readKeys({ armoredKeys: text.trim() }).catch(() => [])
  const [key, another] = keys
  if (!key) throw wrong('broken')
  if (another) throw wrong('several')
  if (key.isPrivate()) throw wrong('private')
  // Before any signature is verified: each of them costs.
  if (key.users.length > mostUserIds) throw wrong('users')
  if (key.subkeys.length > mostSubkeys) throw wrong('subkeys')
  const read = { fingerprint: key.getFingerprint().toUpperCase(), armored: key.armor() }
  if (await isRevoked(key, now)) throw new RevokedKey(read)
  return { ...read, expiresAt: await endOf(key, now) }
}

/** Its holder says that it must not be used: that counts for a key that we have, too. */
export class RevokedKey extends Invalid {
  readonly key: Pick<ReadKey, 'fingerprint' | 'armored'>
  constructor(key: Pick<ReadKey, 'fingerprint' | 'armored'>) {
    super('This key is revoked', { key: 'revoked' })
    this.key = key
  }
}

const isRevoked = (key: PublicKey, now: number): Promise<boolean> =>
  key.isRevoked(undefined, undefined, new Date(now))

function faultOfText(text: string): KeyFault | null {
  if (text.trim() === '') return 'empty'
  if (/BEGIN PGP PRIVATE KEY|BEGIN (?:RSA |EC |ENCRYPTED |OPENSSH )?PRIVATE KEY/.test(text)) return 'private'
  if (text.length > mostCharacters) return 'large'
  const blocks = text.match(/-----BEGIN PGP PUBLIC KEY BLOCK-----/g)?.length ?? 0
  if (blocks === 0) return 'none'
  return blocks > 1 ? 'several' : null
}

/** Until when it can be encrypted to; throws for a key that cannot be used now. */
async function endOf(key: PublicKey, now: number): Promise<number | null> {
  const date = new Date(now)
  const judged = async <V>(found: Promise<V>): Promise<V | null> => found.catch(() => null)
  const whole = await judged(key.getExpirationTime())
  if (whole instanceof Date && whole.getTime() <= now) throw wrong('expired')
  if (isWeak(key)) throw wrong('weak')
  const encrypting = await judged(key.getEncryptionKey(undefined, date))
  if (!encrypting) throw wrong((await hadEnded(key, now)) ? 'expired' : 'unfit')
  const part = await judged(Promise.resolve(encrypting.getExpirationTime()))
  const ends = [whole, part].flatMap((end) => (end instanceof Date ? [end.getTime()] : []))
  return ends.length > 0 ? Math.min(...ends) : null
}

/** The primary key lives, but the part for encrypting has ended. */
async function hadEnded(key: PublicKey, now: number): Promise<boolean> {
  for (const part of key.subkeys) {
    const end = await Promise.resolve(part.getExpirationTime()).catch(() => null)
    if (end instanceof Date && end.getTime() <= now) return true
  }
  return false
}

const weakAlgorithms = new Set(['dsa', 'elgamal'])

/** Its primary key is one that no longer holds: what it says of its parts is worth nothing. */
function isWeak(key: PublicKey): boolean {
  const { algorithm, bits } = key.getAlgorithmInfo()
  return weakAlgorithms.has(algorithm) || (algorithm.startsWith('rsa') && (bits ?? 0) < leastRsaBits)
}

/** The kept key, or null when it cannot be encrypted to at `now` any more. */
export async function usable(armored: string, now: number): Promise<PublicKey | null> {
  const { readKey } = await import('openpgp')
  try {
    const key = await readKey({ armoredKey: armored })
    const date = new Date(now)
    if (isWeak(key) || (await isRevoked(key, now))) return null
    await key.getEncryptionKey(undefined, date)
    return key
  } catch {
    return null
  }
}
