/** Whether somebody still looks after an asset: by the organisation's own date, else by the table. Computed, never stored. */
import { addDays, type Day } from '../../../platform/dates.ts'
import type { Found, Matcher, Supported } from './match.ts'
import { lastDay } from './table.ts'

export const states = ['ended', 'soon', 'later', 'unknown'] as const
export type State = (typeof states)[number]

export interface Standing {
  state: State
  /** Last day of support; of a product whose source only says that it has ended, the day on which it said so. */
  on: Day | null
  /** Null: the organisation's own date, or nothing known. */
  found: Found | null
}

/** What ends within so many days is told beforehand. */
export const soonDays = 365

/** A row that only says that support has ended knows no date before `endedBy`. */
const endOf = ({ row }: Found): Day => lastDay(row.ends ?? row.endedBy ?? '9999')

export function standingOf(asset: Supported, match: Matcher, today: Day): Standing {
  if (asset.supportEndsOn)
    return { state: stateOn(asset.supportEndsOn, today), on: asset.supportEndsOn, found: null }
  const [first] = match(asset)
    .map((found) => ({ found, on: endOf(found) }))
    // What ends first decides: a device stands on its platform. Of equal days the asset's own name goes before.
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : order[a.found.via] - order[b.found.via]))
  return first ? { state: stateOn(first.on, today), on: first.on, found: first.found } : nothing
}

const order = { name: 0, cpe: 1, platform: 2 }
const nothing: Standing = { state: 'unknown', on: null, found: null }

const stateOn = (on: Day, today: Day): State =>
  on < today ? 'ended' : on <= addDays(today, soonDays) ? 'soon' : 'later'
