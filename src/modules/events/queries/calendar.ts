/** Events by day, for moving between days. */
import type { Tx } from '../../../platform/database.ts'
import { addDays, type Day, dayOf } from '../../../platform/dates.ts'
import { hourStart, hoursOfDay, rowsOf, type Whose } from './scope.ts'

/** Events of each of the `days` days up to `until`; days without any are missing. */
export async function calendar(
  tx: Tx,
  whose: Whose,
  until: Day,
  zone: string,
  days = 91,
): Promise<Map<Day, number>> {
  const hours = {
    first: hoursOfDay(addDays(until, 1 - days), zone).first,
    last: hoursOfDay(until, zone).last,
  }
  const { rows } = await tx.query<{ hour: number; events: number }>(
    `select hour, sum(events)::bigint as events from totals where ${rowsOf(whose, [hours])} and dim = 0 group by hour`,
  )
  const sums = new Map<Day, number>()
  for (const row of rows) {
    const day = dayOf(hourStart(row.hour), zone)
    sums.set(day, (sums.get(day) ?? 0) + row.events)
  }
  return sums
}
