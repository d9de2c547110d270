/** Samples of what was refused, kept for the owner of the sensor. */
import type { Queryable } from '../../platform/database.ts'

export interface Reject {
  sensor: number
  format: string
  line: number
  id: string | null
  code: number
  reason: string
  /** The first 500 bytes. */
  sample: Buffer
}

const keptPerSensor = 500

/** The reason under which a refusal is counted: without positions, short, and nothing that the database cannot hold. */
export const reasonOf = (text: string): string => storable(text.replace(/\/\d+/g, '').slice(0, 120))

// A sender chooses the names of keys: NUL and halves of characters would make the whole request fail.
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/** Stores samples and forgets the oldest beyond 500 a sensor. Every refusal is counted elsewhere, sampled or not. */
export async function keep(db: Queryable, rejects: Reject[], now: number): Promise<void> {
  if (rejects.length === 0) return
  await db.query(
    `insert into rejects (sensor_id, at, format, line, event_id, code, reason, sample)
     select s, to_timestamp($8 / 1000.0), f, l, i, c, r, b
     from unnest($1::int[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[], $7::bytea[]) as u (s, f, l, i, c, r, b)`,
    [
      rejects.map((r) => r.sensor),
      rejects.map((r) => r.format),
      rejects.map((r) => r.line),
      rejects.map((r) => (r.id === null ? null : storable(r.id))),
      rejects.map((r) => r.code),
      rejects.map((r) => storable(r.reason)),
      rejects.map((r) => r.sample),
      now,
    ],
  )
  for (const sensor of new Set(rejects.map((r) => r.sensor)))
    await db.query(
      `delete from rejects where sensor_id = $1 and id < (select id from rejects where sensor_id = $1 order by id desc offset $2 limit 1)`,
      [sensor, keptPerSensor],
    )
}
