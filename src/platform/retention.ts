/** How long things are kept: read from the table at every step that forgets. What an operator may set has bounds. */
import type { Queryable } from './database.ts'

/** Days, at least and at most: below them something stops working, or a duty could not be met. */
export const bounds = {
  raw_events: { least: 30, most: 3650 },
  sums: { least: 366, most: 3660 },
  rejects: { least: 7, most: 365 },
  sensor_minutes: { least: 14, most: 365 },
  sensor_batches: { least: 30, most: 365 },
  api_key_uses: { least: 90, most: 1830 },
  deliveries: { least: 90, most: 3650 },
  invitations: { least: 30, most: 1830 },
  recoveries: { least: 365, most: 3650 },
  // Cookies live no longer (RFC 6265bis).
  devices: { least: 30, most: 400 },
  reads: { least: 365, most: 3650 },
  people: { least: 365, most: 1830 },
} as const satisfies Record<string, { least: number; most: number }>

export type Kept = keyof typeof bounds
export const keptThings = Object.keys(bounds) as Kept[]

const dayMs = 86_400_000

/** The moment before which a thing kept for so many days is forgotten. */
export const before = (days: number, now: number): number => now - days * dayMs

/** The periods in force, in days. */
export async function periods(db: Queryable): Promise<Record<Kept, number>> {
  const { rows } = await db.query<{ what: string; days: number }>(
    'select distinct on (what) what, days from retention_periods order by what, version desc',
  )
  const found = new Map(rows.map(({ what, days }) => [what, days]))
  return Object.fromEntries(
    keptThings.map((what) => {
      const days = found.get(what)
      if (days === undefined) throw new Error(`No period of keeping is set for ${what}.`)
      return [what, days]
    }),
  ) as Record<Kept, number>
}

/** The same as the moment before which things are forgotten, ISO 8601. */
export async function forgottenBefore(db: Queryable, what: Kept, now: number): Promise<string> {
  const days = (await periods(db))[what]
  return new Date(before(days, now)).toISOString()
}
