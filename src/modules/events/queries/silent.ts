/** Sensors from which nothing was heard, as the daily view tells it. */
import type { Tx } from '../../../platform/database.ts'
import { hourStart } from './scope.ts'

export interface SilentSensor {
  id: number
  name: string
  /** Last hour with a request, before the end of the day shown. */
  last_heard_at: string
}

/** Whole hours without a request after which a day's sensor counts as silent; the rule for warnings is finer. */
const quietHours = 3

/**
 * Sensors that were heard in the seven days before and then not for three hours up to the day's end (or `now`).
 * Senders of past days' dumps are left out: their silence means nothing.
 */
export async function silentSensors(
  tx: Tx,
  hours: { first: number; last: number },
  now: number,
): Promise<SilentSensor[]> {
  const end = Math.min(hours.last + 1, Math.floor(now / 3_600_000))
  const { rows } = await tx.query<{ id: number; name: string; hour: number }>(
    `select s.id, s.name, l.hour from sensors s
     join lateral (select hour from loss where sensor_id = s.id and hour < $1 order by hour desc limit 1) l on true
     where not s.batch and s.can_write and (s.disabled_at is null or s.disabled_at > to_timestamp($1 * 3600.0))
       and l.hour < $1 - ${quietHours} and l.hour >= $2 - 168 order by l.hour, s.name`,
    [end, hours.first],
  )
  return rows.map(({ id, name, hour }) => ({
    id,
    name,
    last_heard_at: new Date(hourStart(hour)).toISOString(),
  }))
}
