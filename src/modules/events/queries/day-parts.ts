/** The breakdowns of a day, from the rows of its queries to what is shown. */
import { clock } from '../../../platform/dates.ts'
import { describeClass } from '../classes.ts'
import { type Counts, countsOf, noSums, type Sums } from './counts.ts'
import { hourStart } from './scope.ts'

/** One bar of a breakdown. `usual`: mean events of the same weekday in the last four weeks, null when there were none. */
export interface Part extends Counts {
  key: string
  name: string
  detections: number
  sources: number
  usual: number | null
}

export type PlainPart = Counts & { key: string; name: string | null }

export interface OrganisationPart extends PlainPart {
  id: number
  /** Dropped, passed or partial, and unknown events of each hour of the day. */
  hours: { dropped: number; got_through: number; unknown: number }[]
}

export type Keyed<More = object> = Sums & { key: string } & More
export type DistinctRow = { key: string; detections: number; sources: number }

export function classParts(
  sums: Keyed[],
  distinct: DistinctRow[],
  usual: Map<string, number> | null,
  lang: 'cs' | 'en',
): Part[] {
  const counted = new Map(distinct.map((row) => [row.key, row]))
  const bare: Part[] = sums.map((row) => ({
    key: row.key,
    name: describeClass(row.key, lang),
    ...countsOf(row),
    detections: counted.get(row.key)?.detections ?? 0,
    sources: counted.get(row.key)?.sources ?? 0,
    usual: usual ? (usual.get(row.key) ?? 0) : null,
  }))
  // A kind that came only as the second class of an event (both ends are ours) has detections without events of its own.
  const missing = distinct.filter((row) => !sums.some((sum) => sum.key === row.key))
  return [
    ...bare,
    ...missing.map((row) => ({
      name: describeClass(row.key, lang),
      ...countsOf(noSums),
      ...row,
      usual: null,
    })),
  ]
}

export function hourParts(
  sums: Keyed[],
  distinct: DistinctRow[],
  hours: { first: number; last: number },
  zone: string,
): Part[] {
  const byHour = new Map(sums.map((row) => [row.key, row]))
  const counted = new Map(distinct.map((row) => [row.key, row]))
  return Array.from({ length: hours.last - hours.first + 1 }, (_, i) => {
    const hour = hours.first + i
    const row = counted.get(String(hour))
    return {
      key: new Date(hourStart(hour)).toISOString(),
      name: clock(hourStart(hour), { locale: 'en-GB' }, zone),
      ...countsOf(byHour.get(String(hour)) ?? noSums),
      detections: row?.detections ?? 0,
      sources: row?.sources ?? 0,
      usual: null,
    }
  })
}

export const plainParts = (rows: Keyed<{ name: string | null }>[]): PlainPart[] =>
  rows.map((row) => ({ key: row.key, name: row.name, ...countsOf(row) }))

export function organisationParts(
  rows: (Sums & { org_id: number; name: string; hour: number })[],
  hours: { first: number; last: number },
): OrganisationPart[] {
  const byOrg = Map.groupBy(rows, (row) => row.org_id)
  return [...byOrg]
    .map(([id, own]) => {
      const byHour = new Map(own.map((row) => [row.hour, countsOf(row)]))
      return {
        id,
        key: String(id),
        name: own[0]?.name ?? null,
        ...countsOf(own.reduce(added, noSums)),
        hours: Array.from({ length: hours.last - hours.first + 1 }, (_, i) => {
          const at = byHour.get(hours.first + i)
          return { dropped: at?.dropped ?? 0, got_through: at?.got_through ?? 0, unknown: at?.unknown ?? 0 }
        }),
      }
    })
    .sort((a, b) => b.events - a.events || (a.name ?? '').localeCompare(b.name ?? '', 'cs'))
}

const added = (a: Sums, b: Sums): Sums => ({
  events: a.events + b.events,
  occurrences: a.occurrences + b.occurrences,
  dropped: a.dropped + b.dropped,
  passed: a.passed + b.passed,
  partial: a.partial + b.partial,
  share: a.share + b.share,
})
