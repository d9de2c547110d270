/** What comes first, whatever it comes from, and how the state is said in one sentence. */
import type { WarningRow } from '../warnings/index.ts'
import type { Ranked } from './concern.ts'

const standingRank: Record<Ranked['standing'], number> = {
  pending: 0,
  seen: 1,
  working: 2,
  not_affected: 3,
  done: 4,
}

/** Far in the future: what has no day comes after what has one. */
const never = 8.64e15

/** Negative when `a` is more urgent: severity, then whether somebody took it, then its day, then whether it goes on, then the newest. */
export function byUrgency(a: Ranked, b: Ranked): number {
  return (
    b.severity - a.severity ||
    standingRank[a.standing] - standingRank[b.standing] ||
    (a.dueAt ?? never) - (b.dueAt ?? never) ||
    Number(b.going) - Number(a.going) ||
    b.since - a.since ||
    a.key.localeCompare(b.key, 'en', { numeric: true })
  )
}

const soonMs = 86_400_000

/** High or critical, or its day is here, and nobody works on it yet. */
export const isUrgent = (one: Pick<Ranked, 'severity' | 'standing' | 'dueAt'>, now: number): boolean =>
  (one.severity >= 3 || (one.dueAt !== null && one.dueAt - now < soonMs)) &&
  (one.standing === 'pending' || one.standing === 'seen')

/** A warning born of detections among the others. */
export const rankOf = (row: WarningRow): Ranked => ({
  key: `detected ${row.id}`,
  severity: row.severity,
  standing: row.answer,
  dueAt: null,
  going: row.going,
  since: row.openedAt,
})
