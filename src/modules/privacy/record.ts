/** The record of processing (GDPR article 30), made from the list of what is held and the periods in force. */
import { type Kept, keptThings } from '../../platform/retention.ts'
import { held } from './held.ts'
import { type Activity, activities } from './holding.ts'
import { addressed } from './impersonal.ts'

export type End = 'deleted' | 'number' | 'trail' | 'kept' | 'blanked' | 'address' | 'none'

export interface Entry {
  table: string
  /** In days, `day` for 24 hours, `person` until erasure, `lasting` without an end. */
  kept: number | 'day' | 'person' | 'lasting'
  /** What erasure of a person does to it. */
  erased: End
}

export interface Chapter {
  activity: Activity
  entries: Entry[]
}

/** Every table that holds something of people, or addresses that may be somebody's, in exactly one chapter. */
export function recordOf(days: Record<Kept, number>): Chapter[] {
  const entries: (Entry & { activity: Activity })[] = [
    ...Object.entries(held).map(([table, { activity, erase, period, says }]) => {
      const erased: End = typeof erase === 'string' ? erase : (says ?? 'blanked')
      const without = erased === 'deleted' || Array.isArray(erase) ? 'person' : 'lasting'
      // A person's own row goes by that period only once the last role has ended.
      return { table, activity, erased, kept: period && table !== 'people' ? days[period] : without } as const
    }),
    ...Object.entries(addressed).map(([table, { activity, period }]) => {
      const without = table === 'sign_in_failures' ? 'day' : 'lasting'
      return { table, activity, erased: 'none', kept: period ? days[period] : without } as const
    }),
  ]
  return activities.map((activity) => ({
    activity,
    entries: entries
      .filter((entry) => entry.activity === activity)
      .map(({ table, kept, erased }) => ({ table, kept, erased })),
  }))
}

/** The periods as a table of days, whatever the configuration says of raw events. */
export function daysIn(
  periods: { what: Kept; days: number }[],
  rawDays: number | null,
): Record<Kept, number> {
  const days = Object.fromEntries(periods.map(({ what, days: n }) => [what, n])) as Record<Kept, number>
  if (rawDays !== null) days.raw_events = rawDays
  for (const what of keptThings)
    if (days[what] === undefined) throw new Error(`No period is set for ${what}.`)
  return days
}
