/** What a form showed, said again when it comes back: nobody confirms, and nobody overwrites, what they have not seen. */
import { createHash } from 'node:crypto'

/** Whoever writes a text also chooses it, so two of one hash must not be found by trying: 132 bits. */
const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('base64url')
    .slice(0, 22)

/** A hash of each field by its name. */
export const revisionOf = (fields: Record<string, unknown>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}:${hashOf(value)}`)
    .join(' ')

/** Names of the fields that are not as they were seen, in their order; all of them when nothing is said of what was seen. */
export function changedSince(seen: string, now: string): string[] {
  const were = new Set(seen.split(' '))
  return now.split(' ').flatMap((one) => (were.has(one) ? [] : one.slice(0, one.indexOf(':'))))
}
