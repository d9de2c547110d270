/**
 * Short secrets that must wait in the database, such as the token of a link in a mail: sealed, so that a copy of the
 * tables (a backup, a log of queries) opens nothing.
 *
 * Mails about accounts: the members module queues a delivery of kind `account` whose detail is
 * `{ template: 'password-reset', sealed, until }`. Whoever renders it calls `unseal(settings.secret, detail.sealed)` for
 * the token, links to `${baseUrl}/new-password/${token}`, and drops the mail instead after `until` (ISO 8601).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'hsoc seal 1', 32))

/** `text` under AES-256-GCM with a key derived from the installation's secret; base64url of iv, tag and ciphertext. */
export function seal(secret: string, text: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv, { authTagLength: tagBytes })
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** What was sealed, or null when it was sealed under another secret or has been changed. */
export function unseal(secret: string, sealed: string): string | null {
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
