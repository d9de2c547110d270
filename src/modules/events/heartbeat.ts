/** Any authenticated request shows that a sensor lives; noted at most once a minute by each process. */
import type { Context } from '../../platform/context.ts'

const noted = new Map<number, number>()

export async function touch(context: Context, sensor: number, now: number): Promise<void> {
  const minute = Math.floor(now / 60_000)
  if (noted.get(sensor) === minute) return
  noted.set(sensor, minute)
  await context.db.engine.query(
    `with seen as (update sensors set last_seen_at = greatest(last_seen_at, to_timestamp($2 / 1000.0)) where id = $1)
     insert into sensor_minutes (sensor_id, minute) values ($1, date_trunc('minute', to_timestamp($2 / 1000.0))) on conflict do nothing`,
    [sensor, now],
  )
}
