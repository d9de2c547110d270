/** Which rows a view counts: the perimeter (the sector as a whole, coordinators only) or some organisations' own. */
import { addDays, type Day, dayBounds } from '../../../platform/dates.ts'

/** Organisation 0 stands for the perimeter in every table of sums. */
export const perimeter = 0

/** null or 0: the perimeter; a number or several: organisations, each event counted once at each of them. */
export type Whose = number | readonly number[] | null

export function orgsOf(whose: Whose): number[] {
  if (whose === null) return [perimeter]
  return typeof whose === 'number' ? [whose] : [...whose]
}

export const isPerimeter = (whose: Whose): boolean => orgsOf(whose).includes(perimeter)

const hourMs = 3_600_000
export const hourOf = (ms: number): number => Math.floor(ms / hourMs)
export const hourStart = (hour: number): number => hour * hourMs

/** UTC hours since 1970 of a day in a zone: first and last, both in it. */
export function hoursOfDay(day: Day, zone: string): { first: number; last: number } {
  const { from, to } = dayBounds(day, zone)
  return { first: hourOf(from), last: hourOf(to - 1) }
}

/**
 * The condition that every sum shares. Hours as a list of equalities, so that the primary keys, which begin with the
 * hour, lead straight to the rows of the organisations. Numbers only, so it can be shown and run again as it is.
 */
export function rowsOf(whose: Whose, ranges: { first: number; last: number }[]): string {
  const hours = ranges
    .map(({ first, last }) => `select generate_series(${int(first)}, ${int(last)})`)
    .join(' union all ')
  const orgs = orgsOf(whose).map(int)
  const org = orgs.length === 1 ? `org_id = ${orgs[0]}` : `org_id = any ('{${orgs.join(',')}}')`
  return `hour = any (array(${hours})) and ${org} and lane = 0`
}

/** A number that may stand in a query's text. */
export function int(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`)
  return value
}

/** The same weekday of the four weeks before. */
export const usualDays = (day: Day): Day[] => [7, 14, 21, 28].map((back) => addDays(day, -back))
