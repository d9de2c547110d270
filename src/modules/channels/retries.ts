/** When a mail that could not be handed over is tried again. RFC 5321 4.5.4.1 asks for patience; a warning ages faster. */
const minute = 60_000

/** Minutes after the first, second … failed try; after the last, every hour. */
const waits = [1, 2, 5, 10, 30, 60]

export const giveUpMs = 24 * 60 * minute

/** The next try in milliseconds since 1970, or null when a day has passed since the decision. `attempts` counts from 1. */
export function nextTry(delivery: { decidedAt: number; attempts: number }, now: number): number | null {
  const wait = waits[Math.min(delivery.attempts, waits.length) - 1] ?? 60
  const next = now + wait * minute
  return next > delivery.decidedAt + giveUpMs ? null : next
}
