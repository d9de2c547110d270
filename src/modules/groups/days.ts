/** The last day of a seat that was given beside a group's rule. */
import { type Day, dayBounds, dayOf, homeZone, isDay } from '../../platform/dates.ts'
import { Invalid } from '../../platform/errors.ts'

/** The latest day that may be chosen: the same one a year on; the last of February where there is no 29th. */
export function latestDay(now: number): Day {
  const today = dayOf(now, homeZone)
  const next = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`
  return isDay(next) ? next : `${next.slice(0, 8)}28`
}

/** When that day ends. Throws Invalid when it is no day, past, or more than twelve months away. */
export function endOf(until: string, now: number): string {
  const day = until.trim()
  if (!isDay(day) || day < dayOf(now, homeZone) || day > latestDay(now))
    throw new Invalid('The last day lies between today and twelve months from now.', { until: 'until' })
  return new Date(dayBounds(day, homeZone).to).toISOString()
}

/** Throws Invalid when nothing, or too much, was written. */
export function reasonIn(text: string): string {
  const reason = text.trim()
  if (reason === '' || reason.length > 500)
    throw new Invalid('Say why, in at most 500 letters.', { reason: 'reason' })
  return reason
}
