/** The sector as members may know it: from the published tables alone. */
import type { Tx } from '../../../platform/database.ts'
import { clock, type Day } from '../../../platform/dates.ts'
import { describeClass } from '../classes.ts'
import { type Counts, countsOf } from './counts.ts'
import { hourStart, hoursOfDay, usualDays } from './scope.ts'

type Shown = Pick<
  Counts,
  'events' | 'dropped' | 'unknown' | 'got_through' | 'dropped_share' | 'dropped_known_share'
>

export interface SectorPart extends Shown {
  key: string
  name: string
  detections: number
  sources: number
  usual: number | null
}

export interface SectorDay extends Shown {
  day: Day
  detections: number
  sources: number
  /** At least so many members were concerned: the lower end of a band. */
  members_from: number | null
  by_class: SectorPart[]
  /** All hours of the day; null figures where nothing may be told. */
  by_hour: (SectorPart | { key: string; name: string; hidden: true })[]
  /** Kinds and hours that were not published because they concern too few. */
  incomplete: boolean
  usual: { days: number; events: number | null; ratio: number | null }
  changed_at: string
}

interface Row {
  dim: 'day' | 'class' | 'hour'
  item: string
  events: number
  detections: number
  sources: number
  dropped: number
  known: number
  share: number
  changed_at: Date
}

/** The published figures of a day; null when none may be told (or none are there). */
export async function sectorDay(
  tx: Tx,
  { day, zone, lang = 'en' }: { day: Day; zone: string; lang?: 'cs' | 'en' },
): Promise<SectorDay | null> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    'select dim, item, events, detections, sources, dropped, known, share, changed_at from sector_figures where day = $1 order by events desc, item',
    [day],
  )
  const whole = rows.find((row) => row.dim === 'day' && row.item === 'day')
  if (!whole) return null
  const usual = await usualOf(tx, day)
  const classes = rows.filter((row) => row.dim === 'class')
  const hours = new Map(rows.filter((row) => row.dim === 'hour').map((row) => [row.item, row]))
  const { first, last } = hoursOfDay(day, zone)
  const sumOf = (of: Row[]): number => of.reduce((sum, row) => sum + row.events, 0)
  const average = usual.get('day')
  return {
    day,
    ...shown(whole),
    detections: whole.detections,
    sources: whole.sources,
    members_from: rows.find((row) => row.item === 'members')?.events ?? null,
    by_class: classes.map((row) => ({
      ...part(row),
      name: describeClass(row.item, lang),
      usual: usual.get(`class ${row.item}`)?.events ?? null,
    })),
    by_hour: Array.from({ length: last - first + 1 }, (_, i) => {
      const key = new Date(hourStart(first + i)).toISOString()
      const name = clock(hourStart(first + i), { locale: 'en-GB' }, zone)
      const row = hours.get(String(first + i))
      return row ? { ...part(row), key, name } : { key, name, hidden: true as const }
    }),
    incomplete: sumOf(classes) < whole.events || sumOf([...hours.values()]) < whole.events,
    usual: {
      days: average?.days ?? 0,
      events: average?.events ?? null,
      ratio: average?.events ? whole.events / average.events : null,
    },
    changed_at: whole.changed_at.toISOString(),
  }
}

/** Partial events stand within `known`; how many they were is not published apart. */
function shown(row: Row): Shown {
  const { events, dropped, unknown, got_through, dropped_share, dropped_known_share } = countsOf({
    events: row.events,
    occurrences: 0,
    dropped: row.dropped,
    passed: row.known - row.dropped,
    partial: 0,
    share: row.share,
  })
  return { events, dropped, unknown, got_through, dropped_share, dropped_known_share }
}

const part = (row: Row): SectorPart => ({
  key: row.item,
  name: row.item,
  ...shown(row),
  detections: row.detections,
  sources: row.sources,
  usual: null,
})

async function usualOf(tx: Tx, day: Day): Promise<Map<string, { days: number; events: number }>> {
  const { rows } = await tx.query<{ dim: string; item: string; days: number; events: number }>(
    `select dim, item, count(*)::int as days, avg(events)::float8 as events from sector_figures
     where day = any ($1::date[]) and item <> 'members' group by 1, 2`,
    [usualDays(day)],
  )
  return new Map(rows.map((row) => [row.dim === 'day' ? 'day' : `${row.dim} ${row.item}`, row]))
}
