/** The figures of a call (emergency.md 11). Excused organisations are out of the denominator, those without a contact stay in. */
import type { Broadcast, OrgLine } from './types.ts'

export interface CallFigures {
  asked: number
  excused: number
  noContact: number
  acknowledged: number
  answered: number
  inTime: number
  late: number
  silent: number
  /** Part of those asked and not excused; null while there are none. */
  share: number | null
  /** Minutes from the release to the first word. */
  median: number | null
  p90: number | null
}

type Line = Pick<OrgLine, 'state' | 'excused' | 'firstAt' | 'answeredAt'>

export function figuresOf(call: Pick<Broadcast, 'releasedAt' | 'deadlineAt'>, lines: Line[]): CallFigures {
  const asked = lines.filter((line) => line.excused === null)
  const answered = asked.filter((line) => line.answeredAt !== null)
  const inTime = answered.filter(
    (line) => (line.answeredAt ?? 0) <= (call.deadlineAt ?? Number.POSITIVE_INFINITY),
  )
  const minutes = asked
    .flatMap((line) => (line.firstAt === null ? [] : [(line.firstAt - (call.releasedAt ?? 0)) / 60_000]))
    .sort((a, b) => a - b)
  return {
    asked: lines.length,
    excused: lines.length - asked.length,
    noContact: asked.filter((line) => line.state === 'no_contact').length,
    acknowledged: asked.filter((line) => line.state === 'acknowledged').length,
    answered: answered.length,
    inTime: inTime.length,
    late: answered.length - inTime.length,
    silent: asked.length - answered.length,
    share: asked.length === 0 ? null : inTime.length / asked.length,
    median: at(minutes, 0.5),
    p90: at(minutes, 0.9),
  }
}

/** The nearest rank. */
const at = (sorted: number[], part: number): number | null =>
  sorted.length === 0 ? null : (sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null)
