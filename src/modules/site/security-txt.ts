/** Where to report a vulnerability (RFC 9116). */

export interface Reporting {
  /** `mailto:`, `https:` or `tel:` addresses, the preferred one first (RFC 9116 2.5.3). */
  contacts: string[]
  baseUrl: string
  /** Address of the key for encryption; null without one. */
  key: string | null
}

const dayMs = 86_400_000
/** The standard recommends less than a year; a file that nobody serves any more soon counts for nothing. */
const validDays = 90

export const securityTxtPath = '/.well-known/security.txt'
export const keyPath = '/.well-known/hsoc-pgp.asc'

/** The file, or null when nobody was named who reads reports: without a contact it would not be valid. */
export function securityTxt({ contacts, baseUrl, key }: Reporting, now: number): string | null {
  if (contacts.length === 0) return null
  // The same text all day, so that programs that watch it see a change once a day at most.
  const expires = new Date((Math.floor(now / dayMs) + validDays) * dayMs).toISOString().replace('.000', '')
  const lines = [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires}`,
    ...(key ? [`Encryption: ${key}`] : []),
    'Preferred-Languages: cs, en',
    `Canonical: ${baseUrl}${securityTxtPath}`,
    // CSAF 2.0, 7.1.8: where programs find what we publish.
    `CSAF: ${baseUrl}/.well-known/csaf/provider-metadata.json`,
  ]
  return `${lines.join('\r\n')}\r\n`
}
