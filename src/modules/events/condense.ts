/**
 * From the log to what people look at: serials, hourly detections, totals, episodes and the sensors' accounts.
 * One condenser works at a time in the whole installation (an advisory lock); each step is one transaction, so a
 * batch is counted exactly once however often the program dies.
 */
import { type Database, type Queryable, type Tx, transaction } from '../../platform/database.ts'
import { closeEpisodes, foldIntoEpisodes } from './fold.ts'

/** Whoever holds it (in its transaction) is the only one to change what is derived from the log. */
export const lockNumber = 715002

export interface Step {
  batches: number
  events: number
  episodes: number
  /** As much as a step takes: more waits. */
  full: boolean
}

const nothing: Step = { batches: 0, events: 0, episodes: 0, full: false }
const mostBatches = 2_000

/** Gives serials to the oldest waiting batches, at most about `maxEvents` of them, and answers their ids. */
async function takeWaiting(
  tx: Tx,
  maxEvents: number,
): Promise<{ ids: number[]; events: number; full: boolean }> {
  const { rows } = await tx.query<{ id: number; n: number; span: number }>(
    'select id, n, span from batches where first_serial is null order by id limit $1',
    [mostBatches],
  )
  const taken: typeof rows = []
  let events = 0
  for (const row of rows) {
    if (taken.length > 0 && events + row.n > maxEvents) break
    taken.push(row)
    events += row.n
  }
  if (taken.length === 0) return { ids: [], events: 0, full: false }
  const span = taken.reduce((sum, row) => sum + row.span, 0)
  const { rows: last } = await tx.query<{ first: number }>(
    `select setval('event_serials', nextval('event_serials') + $1::bigint - 1) - $1::bigint + 1 as first`,
    [span],
  )
  let serial = Number(last[0]?.first)
  const serials = taken.map((row) => {
    const first = serial
    serial += row.span
    return first
  })
  await tx.query(
    'update batches b set first_serial = u.serial from unnest($1::bigint[], $2::bigint[]) as u (id, serial) where b.id = u.id',
    [taken.map((row) => row.id), serials],
  )
  const full = taken.length < rows.length || taken.length === mostBatches
  return { ids: taken.map((row) => row.id), events, full }
}

const counts = `count(*)::int as events, sum(weight)::bigint as occurrences,
  (count(*) filter (where verdict = 1))::int as dropped, (count(*) filter (where verdict = 2))::int as passed,
  (count(*) filter (where verdict = 3))::int as partial, coalesce(sum(share) filter (where verdict = 3), 0)::bigint as share`

/** Reads that name the batches by a list: the planner must not walk the whole log for them, nor start helpers. */
export const onlyThese =
  "set local enable_seqscan = off; set local enable_mergejoin = off; set local max_parallel_workers_per_gather = 0; set local work_mem = '64MB'"

/** The condensed rows of a set of batches, perimeter and organisations together, in a table of this transaction. */
export async function gather(tx: Tx, ids: number[]): Promise<void> {
  await tx.query(onlyThese)
  await tx.query(`create temp table if not exists fresh (
    hour int, org_id int, lane smallint, side smallint, class_id int, key_id int, exercise text, archive boolean, events int, occurrences bigint,
    dropped int, passed int, partial int, share bigint, severity smallint, first_at timestamptz, last_at timestamptz,
    detectors int[], sensors int[], ports int[]) on commit delete rows`)
  await tx.query('truncate fresh')
  const lists = `array_agg(distinct detector_id) as detectors, array_agg(distinct sensor_id) as sensors,
    coalesce(array_agg(distinct port) filter (where port is not null), '{}') as ports`
  await tx.query(
    `insert into fresh
     select hour, 0, lane, 0, class_id, key_id, exercise, archive, ${counts}, max(severity), min(detected_at), max(detected_at), ${lists}
     from (select hour, lane, class_id, key_id, exercise, archive, weight, verdict, share, severity, detected_at, detector_id, sensor_id, port
             from events where batch_id = any ($1)
           union all
           select hour, lane, class_id, unnest(more_keys), exercise, archive, weight, verdict, share, severity, detected_at, detector_id, sensor_id, port
             from events where batch_id = any ($1) and more_keys is not null) e
     group by hour, lane, class_id, key_id, exercise, archive
     union all
     select hour, org_id, lane, side, class_id, key_id, exercise, archive, ${counts}, max(severity), min(detected_at), max(detected_at), ${lists}
     from matches where batch_id = any ($1)
     group by hour, org_id, lane, side, class_id, key_id, exercise, archive`,
    [ids],
  )
}

export async function addDetections(tx: Tx, table = 'detections'): Promise<void> {
  await tx.query(
    `insert into ${table} as d (hour, org_id, lane, side, class_id, key_id, events, occurrences, dropped, passed, partial, share, severity,
        first_at, last_at, archive)
     select hour, org_id, lane, side, class_id, key_id, sum(events), sum(occurrences), sum(dropped), sum(passed), sum(partial), sum(share),
        max(severity), min(first_at), max(last_at), bool_and(archive)
     from fresh group by hour, org_id, lane, side, class_id, key_id
     order by hour, org_id, lane, side, class_id, key_id
     on conflict (hour, org_id, lane, side, class_id, key_id) do update set
       events = d.events + excluded.events, occurrences = d.occurrences + excluded.occurrences, dropped = d.dropped + excluded.dropped,
       passed = d.passed + excluded.passed, partial = d.partial + excluded.partial, share = d.share + excluded.share,
       severity = greatest(d.severity, excluded.severity), first_at = least(d.first_at, excluded.first_at),
       last_at = greatest(d.last_at, excluded.last_at), archive = d.archive and excluded.archive`,
  )
}

/** Totals count each event once: the sector's from the events, an organisation's from its events whatever their keys. */
export async function addTotals(tx: Tx, ids: number[], table = 'totals'): Promise<void> {
  const dims = `grouping sets ((hour, org_id, lane), (hour, org_id, lane, class_id), (hour, org_id, lane, sensor_id),
    (hour, org_id, lane, detector_id), (hour, org_id, lane, port))`
  const dim = `case when grouping(class_id) = 0 then 1 when grouping(sensor_id) = 0 then 2 when grouping(detector_id) = 0 then 3
    when grouping(port) = 0 then 4 else 0 end`
  await tx.query(
    `insert into ${table} as t (hour, org_id, lane, dim, dim_id, events, occurrences, dropped, passed, partial, share)
     select hour, org_id, lane, dim, dim_id, events, occurrences, dropped, passed, partial, share from (
       select hour, org_id, lane, ${dim} as dim,
         case when grouping(class_id) = 0 then class_id when grouping(sensor_id) = 0 then sensor_id when grouping(detector_id) = 0 then detector_id
           when grouping(port) = 0 then port else 0 end as dim_id, ${counts}
       from (select hour, 0 as org_id, lane, class_id, sensor_id, detector_id, coalesce(port, -1) as port, weight, verdict, share
               from events where batch_id = any ($1)
             union all
             select hour, org_id, lane, class_id, sensor_id, detector_id, coalesce(port, -1), weight, verdict, share
               from (select distinct on (org_id, batch_id, idx) * from matches where batch_id = any ($1)
                     order by org_id, batch_id, idx, severity desc, side, key_id) m) e
       group by ${dims}) g
     where not (dim = 4 and dim_id = -1)
     order by hour, org_id, lane, dim, dim_id
     on conflict (hour, org_id, lane, dim, dim_id) do update set
       events = t.events + excluded.events, occurrences = t.occurrences + excluded.occurrences, dropped = t.dropped + excluded.dropped,
       passed = t.passed + excluded.passed, partial = t.partial + excluded.partial, share = t.share + excluded.share`,
    [ids],
  )
}

/** A day's figures change: a day that is over gets a new revision, so that a printed number can be told from a later one. */
async function touchDays(tx: Tx, zone: string, now: number): Promise<void> {
  await tx.query(
    `insert into days as d (day, revision, changed_at)
     select distinct (to_timestamp(hour * 3600.0) at time zone $1)::date, 1, to_timestamp($2 / 1000.0) from fresh
     on conflict (day) do update set changed_at = excluded.changed_at,
       revision = d.revision + case when d.day < (to_timestamp($2 / 1000.0) at time zone $1)::date then 1 else 0 end`,
    [zone, now],
  )
}

/**
 * Moves the requests' counts into the sensors' hourly accounts; answers how many requests were waiting. What a sender
 * says it lost is told once by a numbered batch, however often that one comes.
 */
async function settleRequests(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `with gone as (delete from requests where id in (select id from requests order by id limit 20000) returning *),
     firsts as (
       select distinct on (sensor_id, run, seq) id, sensor_id, run, seq, lost from gone where run is not null and seq is not null
       order by sensor_id, run, seq, id),
     told as (
       select id from firsts f where lost > 0 and not coalesce(
         (select true from sensor_batches b where b.sensor_id = f.sensor_id and b.run = f.run and b.seq = f.seq), false)),
     summed as (
       insert into loss as l (sensor_id, hour, received, stored, duplicate, refused, deferred, conflict, late, future, repaired, lost, requests)
       select sensor_id, floor(extract(epoch from at) / 3600)::int as hour, sum(received), sum(stored), sum(duplicate), sum(refused), sum(deferred),
         sum(conflict), sum(late), sum(future), sum(repaired),
         coalesce(sum(lost) filter (where run is null or seq is null or id in (select id from told)), 0), sum(requests)
       from gone group by 1, 2 order by 1, 2
       on conflict (sensor_id, hour) do update set
         received = l.received + excluded.received, stored = l.stored + excluded.stored, duplicate = l.duplicate + excluded.duplicate,
         refused = l.refused + excluded.refused, deferred = l.deferred + excluded.deferred, conflict = l.conflict + excluded.conflict,
         late = l.late + excluded.late, future = l.future + excluded.future, repaired = l.repaired + excluded.repaired,
         lost = l.lost + excluded.lost, requests = l.requests + excluded.requests),
     why as (
       insert into loss_reasons as r (sensor_id, hour, reason, n)
       select sensor_id, floor(extract(epoch from at) / 3600)::int, key, sum(value::int) from gone, jsonb_each_text(reasons)
       where jsonb_typeof(reasons) = 'object' group by 1, 2, 3 order by 1, 2, 3
       on conflict (sensor_id, hour, reason) do update set n = r.n + excluded.n),
     numbered as (
       insert into sensor_batches as b (sensor_id, run, seq, at, tries)
       select sensor_id, run, seq, min(at), count(*) from gone where run is not null and seq is not null group by 1, 2, 3 order by 1, 2, 3
       on conflict (sensor_id, run, seq) do update set tries = b.tries + excluded.tries),
     minutes as (
       insert into sensor_minutes (sensor_id, minute)
       select distinct sensor_id, date_trunc('minute', at) from gone on conflict do nothing),
     seen as (
       update sensors s set last_seen_at = greatest(s.last_seen_at, g.at), newest_event_at = case when g.stored > 0 then greatest(s.newest_event_at, g.at) else s.newest_event_at end
       from (select sensor_id, max(at) as at, sum(stored) as stored from gone group by 1) g where s.id = g.sensor_id)
     select count(*)::int as n from gone`,
  )
  return rows[0]?.n ?? 0
}

async function takeTurn(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>(
    `select pg_try_advisory_xact_lock(${lockNumber}) as mine`,
  )
  return rows[0]?.mine ?? false
}

/**
 * One step of condensing. `zone` decides to which day an hour belongs. Answers what was done; `batches` 0 means that
 * nothing waits (or another node is at it).
 */
export function condense(db: Database, zone: string, now: number, maxEvents = 40_000): Promise<Step> {
  return transaction(db.engine, async (tx) => {
    if (!(await takeTurn(tx))) return nothing
    const { ids, events, full } = await takeWaiting(tx, maxEvents)
    await settleRequests(tx)
    if (ids.length === 0) return nothing
    await gather(tx, ids)
    await addDetections(tx)
    await addTotals(tx, ids)
    const episodes = await foldIntoEpisodes(tx, now)
    await touchDays(tx, zone, now)
    await tx.query(`select announce('derived', $1)`, [String(ids.at(-1))])
    return { batches: ids.length, events, episodes, full }
  })
}

/** Condenses until nothing waits; for the command line and tests. */
export async function condenseAll(db: Database, zone: string, now: number): Promise<Step> {
  const sum = { ...nothing }
  for (;;) {
    const step = await condense(db, zone, now)
    if (step.batches === 0 && !(await waiting(db.engine))) {
      await closeEpisodes(db.engine, now)
      return sum
    }
    sum.batches += step.batches
    sum.events += step.events
    sum.episodes += step.episodes
  }
}

const waiting = async (db: Queryable): Promise<boolean> =>
  (
    await db.query(
      'select 1 from batches where first_serial is null union all select 1 from requests limit 1',
    )
  ).rowCount === 1
