/** Working hours of the escalation board: Monday to Friday, 7 to 17 in Prague, public holidays left out. */
import { DateTime } from 'luxon'
import { homeZone } from '../../platform/dates.ts'
import { isHoliday } from '../duty/index.ts'

const isWorkingDay = (when: DateTime): boolean => when.weekday <= 5 && !isHoliday(when.toFormat('yyyy-MM-dd'))

/** The same time of day, that many working days later; what would fall outside working hours moves to the next morning at 7. */
export function afterWorkingDays(at: number, days: number): number {
  let when = DateTime.fromMillis(at, { zone: homeZone })
  for (let left = days; left > 0; ) {
    when = when.plus({ days: 1 })
    if (isWorkingDay(when)) left--
  }
  if (when.hour >= 17) when = when.plus({ days: 1 }).set({ hour: 7, minute: 0, second: 0, millisecond: 0 })
  if (when.hour < 7) when = when.set({ hour: 7, minute: 0, second: 0, millisecond: 0 })
  while (!isWorkingDay(when)) when = when.plus({ days: 1 })
  return when.toMillis()
}
