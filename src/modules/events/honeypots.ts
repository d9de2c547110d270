/** Which detectors only ever see those who touch what nobody should touch: their events say so. */
import type { Understood } from './understand.ts'

const honeypotTags = new Set(['honeypot', 'tarpit'])

/** Detectors whose events say that a honeypot or tarpit saw them. */
export function honeypotsOf(events: readonly Understood[]): Set<string> {
  const found = new Set<string>()
  for (const { derived } of events)
    if (derived.tags.some((tag) => honeypotTags.has(tag.toLowerCase()))) found.add(derived.detector)
  return found
}
