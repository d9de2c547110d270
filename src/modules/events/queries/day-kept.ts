/**
 * Figures of days that are over, kept for a minute as long as nothing of the day changes: a day is looked at by many at
 * the same hour. What one reader counted is shown only to readers of the same rights.
 */
import { type Actor, isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { type Day, dayOf } from '../../../platform/dates.ts'
import { type DayFigures, type DayQuestion, dayFigures } from './day.ts'

interface Kept {
  stamp: string
  until: number
  figures: DayFigures
}

const keptMs = 60_000
const mostKept = 40

/** Changes with every event of the day and when events of it are forgotten; null for a day without events. */
async function stampOf(tx: Tx, day: Day): Promise<string | null> {
  const { rows } = await tx.query<{ stamp: string }>(
    `select concat_ws(' ', revision, changed_at, purged_at) as stamp from days where day = $1`,
    [day],
  )
  return rows[0]?.stamp ?? null
}

export type KeptDays = (tx: Tx, question: DayQuestion & { now: number }, actor: Actor) => Promise<DayFigures>

/** As `dayFigures`, for the actor in whose transaction `tx` is. */
export function keepDays(): KeptDays {
  const kept = new Map<string, Kept>()
  return async (tx, question, actor) => {
    const { day, zone, org, lang, now } = question
    const stamp = day < dayOf(now, zone) ? await stampOf(tx, day) : null
    if (stamp === null) return dayFigures(tx, question)
    const rights = isCoordinator(actor) ? 'all' : organisationsRead(actor)
    const key = JSON.stringify([day, zone, org, lang, rights])
    const found = kept.get(key)
    if (found && found.stamp === stamp && now < found.until) return found.figures
    const figures = await dayFigures(tx, question)
    kept.delete(key)
    kept.set(key, { stamp, until: now + keptMs, figures })
    if (kept.size > mostKept) kept.delete(kept.keys().next().value as string)
    return figures
  }
}
