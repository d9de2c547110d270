/**
 * The daily view's figures (reading A): what a day was, for the perimeter or for organisations. Every number carries the
 * query that made it, word for word, so that it can be counted again.
 */

import { type Tx, together } from '../../../platform/database.ts'
import type { Day } from '../../../platform/dates.ts'
import { type Counts, countsOf, type Sums, sumColumns } from './counts.ts'
import {
  classParts,
  type DistinctRow,
  hourParts,
  type Keyed,
  type OrganisationPart,
  organisationParts,
  type Part,
  type PlainPart,
  plainParts,
} from './day-parts.ts'
import { hourOf, hourStart, hoursOfDay, isPerimeter, rowsOf, usualDays, type Whose } from './scope.ts'
import { type SilentSensor, silentSensors } from './silent.ts'
import { type TopSource, topSources } from './top-sources.ts'

export interface DayFigures extends Counts {
  day: Day
  zone: string
  /** Which definition of events and detections the numbers follow. */
  reading: 'A'
  /** Grows with every late event of a day that is over. */
  revision: number
  changed_at: string | null
  purged: boolean
  detections: number
  sources: number
  /** Distinct keys that are ranges, hosts or not countable; apart from the sources. */
  other_keys: number
  /** The dropped share over detections: one is dropped when all its events are. */
  dropped_share_detections: number | null
  /** Members with at least one event; null in an organisation's own view. */
  organisations: number | null
  by_class: Part[]
  by_hour: Part[]
  by_sensor: PlainPart[]
  by_detector: PlainPart[]
  by_port: PlainPart[]
  by_organisation: OrganisationPart[]
  top_sources: TopSource[]
  /** The same weekday of the last four weeks, as far as there were any; cut at the same hour while the day runs. */
  usual: { days: number; events: number | null; ratio: number | null }
  silent: SilentSensor[]
  queries: Record<string, string>
}

export interface DayQuestion {
  day: Day
  zone: string
  /** null: the perimeter. */
  org: Whose
  /** Until when the day has run, for a fair comparison; the whole day when left out. */
  now?: number
  lang?: 'cs' | 'en'
}

interface Distinct {
  detections: number
  dropped_detections: number
  known_detections: number
  sources: number
  other_keys: number
}

type Queries = Record<string, string>

/** Answers all figures of a day. `tx` decides what is visible: without the right the figures are zero. */
export async function dayFigures(tx: Tx, question: DayQuestion): Promise<DayFigures> {
  const { day, zone, org, lang = 'en' } = question
  const hours = hoursOfDay(day, zone)
  const rows = rowsOf(org, [hours])
  const queries = queriesOf(rows)
  const one = async <R extends object>(name: string): Promise<R> =>
    (await tx.query(queries[name] as string)).rows[0] as R
  const many = async <R extends object>(name: string): Promise<R[]> =>
    (await tx.query(queries[name] as string)).rows as R[]

  const perimeterOnly = isPerimeter(org)
  const { sums, distinct, usual, stamps, ...found } = await together({
    sums: one<Sums>('events'),
    distinct: one<Distinct>('detections'),
    usual: usualOf(tx, question),
    stamps: tx.query<{ revision: number; changed_at: Date; purged_at: Date | null }>(
      'select revision, changed_at, purged_at from days where day = $1',
      [day],
    ),
    organisations: perimeterOnly ? one<{ n: number }>('organisations') : null,
    byClass: many<Keyed>('by_class'),
    classDistinct: many<DistinctRow>('class_distinct'),
    byHour: many<Keyed>('by_hour'),
    hourDistinct: many<DistinctRow>('hour_distinct'),
    bySensor: many<Keyed<{ name: string | null }>>('by_sensor'),
    byDetector: many<Keyed<{ name: string | null }>>('by_detector'),
    byPort: many<Keyed<{ name: string | null }>>('by_port'),
    byOrganisation: perimeterOnly
      ? many<Sums & { org_id: number; name: string; hour: number }>('by_organisation')
      : [],
    topSources: topSources(tx, rows, hours),
    silent: silentSensors(tx, hours, question.now ?? hourStart(hours.last + 1)),
  })
  const stamp = stamps.rows[0]
  return {
    day,
    zone,
    reading: 'A',
    revision: stamp?.revision ?? 0,
    changed_at: stamp?.changed_at.toISOString() ?? null,
    purged: Boolean(stamp?.purged_at),
    ...countsOf(sums),
    detections: distinct.detections,
    sources: distinct.sources,
    other_keys: distinct.other_keys,
    dropped_share_detections:
      distinct.known_detections === 0 ? null : distinct.dropped_detections / distinct.known_detections,
    organisations: found.organisations?.n ?? null,
    by_class: classParts(found.byClass, found.classDistinct, usual.byClass, lang),
    by_hour: hourParts(found.byHour, found.hourDistinct, hours, zone),
    by_sensor: plainParts(found.bySensor),
    by_detector: plainParts(found.byDetector),
    by_port: plainParts(found.byPort),
    by_organisation: perimeterOnly ? organisationParts(found.byOrganisation, hours) : [],
    top_sources: found.topSources,
    usual: { days: usual.days, events: usual.events, ratio: usual.events ? usual.soFar(sums) : null },
    silent: found.silent,
    queries,
  }
}

/** The headline alone, for places that need no breakdown. */
export async function dayHeadline(tx: Tx, question: DayQuestion): Promise<Counts & Distinct> {
  const queries = queriesOf(rowsOf(question.org, [hoursOfDay(question.day, question.zone)]))
  const { sums, distinct } = await together({
    sums: tx.query(queries.events as string),
    distinct: tx.query(queries.detections as string),
  })
  return { ...countsOf(sums.rows[0] as Sums), ...(distinct.rows[0] as Distinct) }
}

function queriesOf(rows: string): Queries {
  const named = (
    dim: number,
    table: string,
  ): string => `select t.dim_id::text as key, n.name, t.* from (select dim_id, ${sumColumns} from totals
      where ${rows} and dim = ${dim} group by dim_id) t left join ${table} n on n.id = t.dim_id order by t.events desc, t.dim_id`
  return {
    events: `select ${sumColumns} from totals where ${rows} and dim = 0`,
    detections: `select coalesce(sum(n), 0)::int as detections, coalesce(sum(dropped), 0)::int as dropped_detections,
      coalesce(sum(known), 0)::int as known_detections, (count(*) filter (where k.counted))::int as sources,
      (count(*) filter (where not k.counted))::int as other_keys
      from (select key_id, count(*) as n, count(*) filter (where dropped = events) as dropped,
        count(*) filter (where dropped + passed + partial > 0) as known from detections where ${rows} group by key_id) d
      join source_keys k on k.id = d.key_id`,
    by_class: `select c.name as key, ${sumColumns} from totals join classes c on c.id = dim_id
      where ${rows} and dim = 1 group by 1 order by events desc, 1`,
    class_distinct: `select c.name as key, sum(n)::int as detections, (count(*) filter (where k.counted))::int as sources
      from (select class_id, key_id, count(*) as n from detections where ${rows} group by 1, 2) d
      join classes c on c.id = d.class_id join source_keys k on k.id = d.key_id group by 1`,
    by_hour: `select hour::text as key, ${sumColumns} from totals where ${rows} and dim = 0 group by hour`,
    hour_distinct: `select hour::text as key, sum(n)::int as detections, (count(*) filter (where k.counted))::int as sources
      from (select hour, key_id, count(*) as n from detections where ${rows} group by 1, 2) d
      join source_keys k on k.id = d.key_id group by hour`,
    by_sensor: named(2, 'sensors'),
    by_detector: named(3, 'detectors'),
    by_port: `select dim_id::text as key, dim_id::text as name, ${sumColumns} from totals where ${rows} and dim = 4
      group by 1 order by events desc, dim_id::text limit 50`,
    organisations: `select count(distinct coalesce(m.present_id, m.id))::int as n from totals join organisations m on m.id = org_id
      where ${rows.replace(/org_id = (0|any \('\{0\}'\))/, 'org_id > 0')} and dim = 0`,
    by_organisation: `select o.id as org_id, o.name, hour, array_agg(distinct totals.org_id) as org_ids, ${sumColumns}
      from totals join organisations m on m.id = totals.org_id join organisations o on o.id = coalesce(m.present_id, m.id)
      where ${rows.replace(/org_id = (0|any \('\{0\}'\))/, 'org_id > 0')} and dim = 0 group by 1, 2, 3`,
  }
}

interface Usual {
  days: number
  /** Mean of the whole days. */
  events: number | null
  byClass: Map<string, number> | null
  /** Today's events against the usual ones up to the same hour. */
  soFar(sums: Sums): number | null
}

async function usualOf(tx: Tx, { day, zone, org, now }: DayQuestion): Promise<Usual> {
  const before = usualDays(day).map((other) => hoursOfDay(other, zone))
  const rows = rowsOf(org, before)
  const { rows: found } = await tx.query<{ name: string | null; hour: number; events: number }>(
    `select c.name, hour, sum(events)::bigint as events from totals left join classes c on dim = 1 and c.id = dim_id
     where ${rows} and dim = any ('{0,1}') group by 1, 2`,
  )
  const today = hoursOfDay(day, zone)
  const elapsed = now === undefined ? Number.POSITIVE_INFINITY : hourOf(now) - today.first
  const whole = found.filter((row) => row.name === null)
  const days = before.filter(({ first, last }) => whole.some((row) => row.hour >= first && row.hour <= last))
  if (days.length === 0) return { days: 0, events: null, byClass: null, soFar: () => null }
  const sum = (of: typeof found): number => of.reduce((total, row) => total + row.events, 0)
  const until = whole.filter((row) =>
    before.some(({ first, last }) => row.hour >= first && row.hour <= Math.min(last, first + elapsed)),
  )
  const kinds = Map.groupBy(
    found.filter((row) => row.name !== null),
    (row) => row.name as string,
  )
  const soFar = sum(until) / days.length
  return {
    days: days.length,
    events: sum(whole) / days.length,
    byClass: new Map([...kinds].map(([name, rows]) => [name, sum(rows) / days.length])),
    soFar: (sums) => (soFar === 0 ? null : sums.events / soFar),
  }
}
