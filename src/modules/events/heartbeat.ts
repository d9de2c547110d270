/** Any authenticated request shows that a sensor lives; noted at most once a minute by each process. */
import type { Context } from '../../platform/context.ts'

const notedBy = new WeakMap<Context, Map<number, number>>()

/** Notes the minute. A database that is away does not spoil the request: the next one notes it. */
export async function touch(context: Context, sensor: number, now: number): Promise<void> {
  const noted = notedBy.get(context) ?? new Map<number, number>()
  notedBy.set(context, noted)
  const minute = Math.floor(now / 60_000)
  if (noted.get(sensor) === minute) return
  noted.set(sensor, minute)
  try {
    await context.db.engine.query(
      `with seen as (update sensors set last_seen_at = greatest(last_seen_at, to_timestamp($2 / 1000.0)) where id = $1)
       insert into sensor_minutes (sensor_id, minute) values ($1, date_trunc('minute', to_timestamp($2 / 1000.0))) on conflict do nothing`,
      [sensor, now],
    )
  } catch (error) {
    noted.delete(sensor)
    context.log.warn({ err: error }, 'a sign of life of a sensor could not be noted')
  }
}
