/**
 * The return path of one mail (VERP): whatever comes back to it is about that mail and no other. Its key is a MAC under the
 * installation's secret, so that nobody makes one up; base32 in lower case, because some servers lower-case local parts.
 */
import { createHmac } from 'node:crypto'

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** 10 bytes as 16 letters. */
export function bounceKey(secret: string, delivery: number): string {
  const bytes = createHmac('sha256', secret).update(`b|${delivery}`).digest().subarray(0, 10)
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('')
}

/** `bounces@hsoc.example` with the key: `bounces+b-jtpvze7u26gtu546@hsoc.example`. */
export function returnPath(base: string, key: string): string {
  const at = base.lastIndexOf('@')
  return `${base.slice(0, at)}+b-${key}${base.slice(at)}`
}

const shape = /^([^+@\s]+)\+b-([a-z2-7]{16})@([^@\s]+)$/

/** The key in an address that has the shape of our return paths, or null. */
export function keyIn(address: string, base: string): string | null {
  const found = shape.exec(address.trim().replace(/^<|>$/g, '').toLowerCase())
  return found && `${found[1]}@${found[3]}` === base.toLowerCase() ? (found[2] ?? null) : null
}
