/**
 * Short secrets that must wait in the database, such as the token of a link in a mail: sealed, so that a copy of the
 * tables (a backup, a log of queries) opens nothing. Where such values stand is a table, `sealed.ts`.
 *
 * Mails about accounts: the members module queues a delivery of kind `account` whose detail is
 * `{ template: 'password-reset', sealed, until }`. Whoever renders it calls `unseal(settings, detail.sealed)` for
 * the token, links to `${baseUrl}/new-password/${token}`, and drops the mail instead after `until` (ISO 8601).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16

/** The installation's secret, and others that it had (or will have): they still open, and nothing new is made under them. */
export interface Secrets {
  secret: string
  earlierSecrets?: readonly string[]
}
export type Under = string | Secrets

/** All of them, the present one first. */
export const secretsOf = (under: Under): string[] =>
  typeof under === 'string' ? [under] : [under.secret, ...(under.earlierSecrets ?? [])]

/** Whether a token or hash fits any of the secrets. */
export const fitsAny = (under: Under, fits: (secret: string) => boolean): boolean =>
  secretsOf(under).some(fits)

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'hsoc seal 1', 32))

/** Names a secret without telling anything of it: eight characters that stand before each sealed value. */
export const keyIdOf = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'hsoc key id 1', 6)).toString('base64url')

/** By which secret a value says it was sealed; null for one from before secrets had names. */
export const keyIdIn = (sealed: string): string | null => /^([\w-]{8})\./.exec(sealed)?.[1] ?? null

/**
 * `text` under AES-256-GCM with a key derived from the installation's secret: the name of the secret, a dot, and base64url
 * of iv, tag and ciphertext.
 */
export function seal(secret: string, text: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv, { authTagLength: tagBytes })
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${keyIdOf(secret)}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** What was sealed, or null when it was sealed under none of these secrets or has been changed. */
export function unseal(under: Under, sealed: string): string | null {
  const id = keyIdIn(sealed)
  for (const secret of secretsOf(under).filter((one) => id === null || keyIdOf(one) === id)) {
    const text = opened(secret, sealed.slice(id === null ? 0 : id.length + 1))
    if (text !== null) return text
  }
  return null
}

function opened(secret: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()])
    return text.toString('utf8')
  } catch {
    return null
  }
}
