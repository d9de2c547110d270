/**
 * The events behind a number: the log for the perimeter, its matches for organisations. Read hour by hour, newest first,
 * so that a page never walks over a day.
 */
import type { Tx } from '../../../platform/database.ts'
import { filteredCount, type Sums, sumColumns, type VerdictFilter, verdictCodes } from './counts.ts'
import { cursorOf, type Listed, type Place, paged, pageSize, readCursor, wholeNumber } from './keyset.ts'
import {
  classIds,
  classNames,
  detectorNames,
  keyIds,
  keyTexts,
  organisationNames,
  sensorNames,
} from './names.ts'
import { int, isPerimeter, orgsOf, rowsOf, type Whose } from './scope.ts'

export interface EventFilter {
  whose: Whose
  /** UTC hours since 1970, both included. */
  hours: { first: number; last: number }
  class?: string | undefined
  /** An address or another source key. */
  source?: string | undefined
  verdict?: VerdictFilter | undefined
  sensor?: number | undefined
  detector?: number | undefined
  port?: number | undefined
}

export interface EventRow {
  batch: number
  idx: number
  org: number
  organisation: string | null
  at: string
  hour: number
  class: string
  severity: number
  verdict: number
  weight: number
  side: number
  /** The source key; for our own host as source the host itself. */
  source: string | null
  /** The target of the event, or the member's own address. */
  host: string | null
  /** The other end, when it is a single address. */
  peer: string | null
  port: number | null
  sensor: number
  sensor_name: string | null
  detector: string | null
  flags: number
}

interface Raw {
  batch_id: number
  idx: number
  org_id: number
  at: string
  hour: number
  class_id: number
  severity: number
  verdict: number
  weight: number
  side: number
  key_id: number
  host: string | null
  peer: string | null
  port: number | null
  sensor_id: number
  detector_id: number
  flags: number
}

/** The filter with names turned into numbers; null when it names something that was never met. */
interface Known {
  filter: EventFilter
  classes: number[] | null
  keys: number[] | null
}

/** One page of events, newest first, with how many there are in all. */
export async function eventsOf(
  tx: Tx,
  filter: EventFilter,
  place: Place = {},
  limit = pageSize,
): Promise<Listed<EventRow>> {
  const known = await know(tx, filter)
  if (!known) return { rows: [], total: 0, older: null, newer: null }
  const found = await read(tx, known, place, limit + 1)
  const total = await count(tx, known)
  const page = paged(
    found,
    place,
    limit,
    (row) => cursorOf(row.hour, row.at, row.batch_id, row.idx, row.org_id),
    total,
  )
  if (isPerimeter(filter.whose)) await askWhom(tx, page.rows)
  return { ...page, rows: await named(tx, page.rows) }
}

/** The perimeter's rows say nothing of whom they concern; the read ledger hears it by this question (`platform/access.ts`). */
async function askWhom(tx: Tx, rows: Raw[]): Promise<void> {
  await tx.query(
    'select distinct org_id from matches where (batch_id, idx) in (select * from unnest($1::bigint[], $2::int[]))',
    [rows.map((row) => row.batch_id), rows.map((row) => row.idx)],
  )
}

async function know(tx: Tx, filter: EventFilter): Promise<Known | null> {
  const classes = filter.class === undefined ? null : await classIds(tx, filter.class)
  const keys = filter.source === undefined ? null : await keyIds(tx, filter.source)
  return classes?.length === 0 || keys?.length === 0 ? null : { filter, classes, keys }
}

/** Rows of one hour or several as the list counts them: each event once at each organisation. */
function rowsSql({ filter, classes, keys }: Known, hours: string, moreKeys: boolean): string {
  const list = (ids: readonly number[]): string => `'{${ids.map(int).join(',')}}'::int[]`
  const codes = filter.verdict && verdictCodes[filter.verdict]
  const same = [
    codes && `verdict = any (${list(codes)})`,
    filter.sensor !== undefined && `sensor_id = ${int(filter.sensor)}`,
    filter.detector !== undefined && `detector_id = ${int(filter.detector)}`,
    filter.port !== undefined && `port = ${int(filter.port)}`,
  ].filter(Boolean)
  const and = (conditions: (string | false | undefined)[]): string =>
    conditions
      .filter(Boolean)
      .map((c) => ` and ${c}`)
      .join('')
  const ofClass = classes !== null && `class_id = any (${list(classes)})`
  if (isPerimeter(filter.whose)) {
    const ofKey =
      keys !== null &&
      (moreKeys
        ? `(key_id = any (${list(keys)}) or more_keys && ${list(keys)})`
        : `key_id = any (${list(keys)})`)
    return `select batch_id, idx, 0 as org_id, detected_at, hour, class_id, severity, verdict, weight, 0 as side, key_id, host(target) as host,
      null::text as peer, port, sensor_id, detector_id, flags from events where ${hours} and lane = 0${and([ofKey, ofClass, ...(same as string[])])}`
  }
  // The row that stands for an event which meets an organisation in several ways is the one that its totals count.
  return `select * from (select distinct on (org_id, batch_id, idx) batch_id, idx, org_id, detected_at, hour, class_id, severity, verdict, weight, side,
      key_id, host(host) as host, host(peer) as peer, port, sensor_id, detector_id, flags
    from matches where ${hours} and org_id = any (${list(orgsOf(filter.whose))}) and lane = 0${and([keys !== null && `key_id = any (${list(keys)})`, ...(same as string[])])}
    order by org_id, batch_id, idx, matches.severity desc, matches.side, matches.key_id) m where true${and([ofClass])}`
}

async function read(tx: Tx, known: Known, place: Place, wanted: number): Promise<Raw[]> {
  const backwards = place.newer !== undefined
  const cursor = readCursor(place.newer ?? place.older, 5)
  const from = cursor ? wholeNumber(cursor[0]) : null
  const withKeys = await hoursOfMoreKeys(tx, known)
  const hours = (await hoursWith(tx, known)).filter(
    (hour) => from === null || (backwards ? hour >= from : hour <= from),
  )
  if (!backwards) hours.reverse()
  const found: Raw[] = []
  for (const hour of hours) {
    const beyond =
      cursor && hour === from
        ? `and (detected_at, batch_id, idx, org_id) ${backwards ? '>' : '<'} ($1::timestamptz, $2::bigint, $3::int, $4::int)`
        : ''
    const order = ['detected_at', 'batch_id', 'idx', 'org_id']
      .map((c) => `${c} ${backwards ? 'asc' : 'desc'}`)
      .join(', ')
    const { rows } = await tx.query<Raw & Record<string, unknown>>(
      `select e.*, to_char(detected_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
       from (${rowsSql(known, `hour = ${int(hour)}`, withKeys.has(hour))}) e where true ${beyond} order by ${order} limit ${wanted - found.length}`,
      beyond && cursor
        ? [cursor[1], wholeNumber(cursor[2]), wholeNumber(cursor[3]), wholeNumber(cursor[4])]
        : [],
    )
    found.push(...rows)
    if (found.length >= wanted) break
  }
  return found
}

/** Hours that can hold such events, oldest first. */
async function hoursWith(tx: Tx, { filter, keys }: Known): Promise<number[]> {
  const rows = rowsOf(filter.whose, [filter.hours])
  const { rows: found } = keys
    ? await tx.query<{ hour: number }>(
        `select distinct hour from detections where key_id = any ($1) and ${rows} order by hour`,
        [keys],
      )
    : await tx.query<{ hour: number }>(
        `select distinct hour from totals where ${rows} and dim = 0 order by hour`,
      )
  return found.map((row) => row.hour)
}

/** Hours in which some event has one of the keys only among its further ones: there alone the slow way is needed. */
async function hoursOfMoreKeys(tx: Tx, { filter, keys }: Known): Promise<Set<number>> {
  if (keys === null || !isPerimeter(filter.whose)) return new Set()
  const { rows } = await tx.query<{ hour: number }>(
    `select d.hour from (select hour, sum(events) as n from detections where key_id = any ($1) and ${rowsOf(filter.whose, [filter.hours])} group by hour) d
     left join (select hour, count(*) as n from events where key_id = any ($1) and hour between $2 and $3 and lane = 0 group by hour) e using (hour)
     where d.n <> coalesce(e.n, 0)`,
    [keys, filter.hours.first, filter.hours.last],
  )
  return new Set(rows.map((row) => row.hour))
}

const dims = { class: 1, sensor: 2, detector: 3, port: 4 } as const

async function count(tx: Tx, known: Known): Promise<number | null> {
  const { filter, classes, keys } = known
  const given = (Object.keys(dims) as (keyof typeof dims)[]).filter((name) => filter[name] !== undefined)
  if (keys === null && given.length <= 1) {
    const [name] = given
    const dimension =
      name === undefined
        ? 'dim = 0'
        : `dim = ${dims[name]} and dim_id = ${int(name === 'class' ? (classes?.[0] ?? 0) : (filter[name] as number))}`
    const { rows } = await tx.query<Sums & Record<string, unknown>>(
      `select ${sumColumns} from totals where ${rowsOf(filter.whose, [filter.hours])} and ${dimension}`,
    )
    return rows[0] ? filteredCount(rows[0], filter.verdict ?? null) : 0
  }
  // Several conditions over the whole perimeter: counting would read the day.
  if (keys === null && isPerimeter(filter.whose)) return null
  const withKeys = await hoursOfMoreKeys(tx, known)
  const { first, last } = filter.hours
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from (${rowsSql(known, `hour between ${int(first)} and ${int(last)}`, withKeys.size > 0)}) e`,
  )
  return rows[0]?.n ?? 0
}

async function named(tx: Tx, rows: Raw[]): Promise<EventRow[]> {
  const [classes, sensors, detectors, keys, orgs] = [
    await classNames(
      tx,
      rows.map((r) => r.class_id),
    ),
    await sensorNames(
      tx,
      rows.map((r) => r.sensor_id),
    ),
    await detectorNames(
      tx,
      rows.map((r) => r.detector_id),
    ),
    await keyTexts(
      tx,
      rows.map((r) => r.key_id),
    ),
    await organisationNames(
      tx,
      rows.map((r) => r.org_id),
    ),
  ]
  return rows.map((row) => ({
    batch: row.batch_id,
    idx: row.idx,
    org: row.org_id,
    organisation: orgs.get(row.org_id) ?? null,
    at: row.at,
    hour: row.hour,
    class: classes.get(row.class_id) ?? 'other',
    severity: row.severity,
    verdict: row.verdict,
    weight: row.weight,
    side: row.side,
    source: keys.get(row.key_id) ?? null,
    host: row.host,
    peer: row.peer,
    port: row.port,
    sensor: row.sensor_id,
    sensor_name: sensors.get(row.sensor_id) ?? null,
    detector: detectors.get(row.detector_id) ?? null,
    flags: row.flags,
  }))
}
