/** What comes first, and how the state is said in one sentence. */
import type { WarningRow } from '../warnings/index.ts'

type Ranked = Pick<WarningRow, 'severity' | 'answer' | 'going' | 'openedAt' | 'id'>

const standingRank: Record<WarningRow['answer'], number> = {
  pending: 0,
  seen: 1,
  working: 2,
  not_affected: 3,
  done: 4,
}

/** Negative when `a` is more urgent: severity, then whether somebody took it, then whether it goes on, then the newest. */
export function byUrgency(a: Ranked, b: Ranked): number {
  return (
    b.severity - a.severity ||
    standingRank[a.answer] - standingRank[b.answer] ||
    Number(b.going) - Number(a.going) ||
    b.openedAt - a.openedAt ||
    b.id - a.id
  )
}

/** High or critical, and nobody works on it yet. */
export const isUrgent = (row: Pick<WarningRow, 'severity' | 'answer'>): boolean =>
  row.severity >= 3 && (row.answer === 'pending' || row.answer === 'seen')
