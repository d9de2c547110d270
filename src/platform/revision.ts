/** What a form showed, said again when it comes back: nobody confirms, and nobody overwrites, what they have not seen. */
import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Whoever writes a text also chooses it, so two of one hash must not be found by trying: 132 bits. */
const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('base64url')
    .slice(0, 22)

export type Fields = Record<string, unknown>

/** A hash of each field by its name. */
export const revisionOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}:${hashOf(value)}`)
    .join(' ')

/** Names of the fields that are not as they were seen, in their order; all of them when nothing is said of what was seen. */
export function changedSince(seen: string, now: string): string[] {
  const were = new Set(seen.split(' '))
  return now.split(' ').flatMap((one) => (were.has(one) ? [] : one.slice(0, one.indexOf(':'))))
}

/** What a form carries of what it showed: `seen`, to refuse what was decided about something else, and `saw`, to say later what that was. */
export type Shown = { seen: string; saw: string }

export const shownOf = (fields: Fields): Shown => ({
  seen: revisionOf(fields),
  saw: deflateRawSync(JSON.stringify(fields)).toString('base64url'),
})

/** Bytes of all that a form showed; more than an editor holds. */
const longestSaw = 1_000_000

/** A field with what its reader saw and what stands there now. */
export interface Moved {
  field: string
  before: unknown
  after: unknown
}

/**
 * What changed under a form that came back. What it says it showed is believed as far as it is what `seen` was made of, and is for nobody
 * but whoever sent it: it was theirs to read then, also where it is no more.
 */
export function movedSince({ seen, saw }: Shown, now: Fields): Moved[] {
  const were = new Set(seen.split(' '))
  const before = unpacked(saw)
  return changedSince(seen, revisionOf(now)).flatMap((field) =>
    were.has(`${field}:${hashOf(before[field])}`)
      ? [{ field, before: before[field], after: now[field] }]
      : [],
  )
}

/** Nothing where it cannot be read. */
function unpacked(saw: string): Fields {
  try {
    const packed = Buffer.from(saw, 'base64url')
    const said: unknown = JSON.parse(inflateRawSync(packed, { maxOutputLength: longestSaw }).toString())
    return said !== null && typeof said === 'object' ? Object.fromEntries(Object.entries(said)) : {}
  } catch {
    return {}
  }
}
