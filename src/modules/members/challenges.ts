/**
 * Challenges for passkeys, which prove themselves: random bytes and their end under a MAC. Nothing is stored for who only
 * asks, so asking floods nothing; one that was used well is kept until its end, so that it is used once.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Tx } from '../../platform/database.ts'
import { fitsAny, type Under } from '../../platform/seal.ts'

const randomSize = 16
const endSize = 8
const macSize = 16
/** Long enough to look for the key in a drawer. */
export const challengeMs = 10 * 60_000

/** `purpose` is what it may be used for: `sign-in`, or `add` and the person. */
const macOf = (secret: string, purpose: string, bytes: Buffer): Buffer =>
  createHmac('sha256', secret)
    .update(`passkey challenge\0${purpose}\0`)
    .update(bytes)
    .digest()
    .subarray(0, macSize)

export function makeChallenge(secret: string, purpose: string, now: number): Uint8Array<ArrayBuffer> {
  const end = Buffer.alloc(endSize)
  end.writeBigUInt64BE(BigInt(now + challengeMs))
  const bytes = Buffer.concat([randomBytes(randomSize), end])
  return new Uint8Array(Buffer.concat([bytes, macOf(secret, purpose, bytes)]))
}

/** Whether it is one of ours, for this purpose, and not over. `challenge` is base64url, as browsers give it back. */
export function isChallenge(secrets: Under, purpose: string, challenge: string, now: number): boolean {
  const all = Buffer.from(challenge, 'base64url')
  if (all.length !== randomSize + endSize + macSize) return false
  const bytes = all.subarray(0, randomSize + endSize)
  const mac = all.subarray(randomSize + endSize)
  if (!fitsAny(secrets, (one) => timingSafeEqual(mac, macOf(one, purpose, bytes)))) return false
  return Number(bytes.readBigUInt64BE(randomSize)) > now
}

/** Uses it up; false when it was used before. */
export async function spendChallenge(tx: Tx, challenge: string, now: number): Promise<boolean> {
  const hash = createHash('sha256').update(Buffer.from(challenge, 'base64url')).digest()
  const { rowCount } = await tx.query(
    'insert into used_challenges (hash, expires_at) values ($1, $2) on conflict do nothing',
    [hash, new Date(now + challengeMs).toISOString()],
  )
  return rowCount === 1
}
