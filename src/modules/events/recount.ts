/** Counts the log anew, beside what was condensed from it: the other half of every comparison. */
import type { Tx } from '../../platform/database.ts'

/** UTC hours since 1970, both inclusive. */
export interface Hours {
  first: number
  last: number
}

/** Columns that say the same twice when a sum and its recount agree. */
const detectionSums =
  'events, occurrences, dropped, passed, partial, share, severity, first_at, last_at, archive'
const totalSums = 'events, occurrences, dropped, passed, partial, share'
const detectionKey = 'hour, org_id, lane, side, class_id, key_id'
const totalKey = 'hour, org_id, lane, dim, dim_id'

/** Only what was condensed counts: the rest waits in the log and is no difference. */
const condensed = 'batch_id <> all (array(select id from batches where first_serial is null))'

const counts = `count(*)::int as events, sum(weight)::bigint as occurrences, (count(*) filter (where verdict = 1))::int as dropped,
  (count(*) filter (where verdict = 2))::int as passed, (count(*) filter (where verdict = 3))::int as partial,
  coalesce(sum(share) filter (where verdict = 3), 0)::bigint as share`

/** `$1` and `$2` are the hours, `$3` those of days whose events were forgotten in part: nothing can be said of them. */
const within = `hour between $1 and $2 and hour <> all ($3::int[]) and ${condensed}`

const detections = `
  select hour, 0 as org_id, lane, 0::smallint as side, class_id, key_id, ${counts}, max(severity) as severity,
    min(detected_at) as first_at, max(detected_at) as last_at, bool_and(archive) as archive
  from (select hour, lane, class_id, key_id, weight, verdict, share, severity, detected_at, archive from events where ${within}
    union all
    select hour, lane, class_id, unnest(more_keys), weight, verdict, share, severity, detected_at, archive
    from events where more_keys is not null and ${within}) e
  group by hour, lane, class_id, key_id
  union all
  select hour, org_id, lane, side, class_id, key_id, ${counts}, max(severity), min(detected_at), max(detected_at), bool_and(archive)
  from matches where ${within} group by hour, org_id, lane, side, class_id, key_id`

/** Dimensions 0 all, 1 class, 2 sensor, 3 detector, 4 target port; an event counts once for an organisation. */
const totals = `
  select hour, org_id, lane, d.dim::smallint as dim, d.id as dim_id, ${counts}
  from (select hour, 0 as org_id, lane, class_id, sensor_id, detector_id, port, weight, verdict, share from events where ${within}
    union all
    select hour, org_id, lane, class_id, sensor_id, detector_id, port, weight, verdict, share
    from (select distinct on (org_id, batch_id, idx) * from matches where ${within}
      order by org_id, batch_id, idx, severity desc, side, key_id) m) e
  cross join lateral (values (0, 0), (1, class_id), (2, sensor_id), (3, detector_id), (4, port)) d (dim, id)
  where d.id is not null
  group by hour, org_id, lane, d.dim, d.id`

export interface Recounted {
  detections: number
  totals: number
}

/** Puts what the log gives for those hours into the tables `recounted_detections` and `recounted_totals` of this transaction. */
export async function recount(tx: Tx, hours: Hours, without: number[]): Promise<Recounted> {
  await tx.query(`set local work_mem = '64MB'`)
  await tx.query('drop table if exists recounted_detections, recounted_totals')
  const made: number[] = []
  for (const [name, sql] of [
    ['recounted_detections', detections],
    ['recounted_totals', totals],
  ] as const) {
    await tx.query(`create temp table ${name} on commit drop as ${inlined(sql, hours, without)}`)
    await tx.query(`analyze ${name}`)
    made.push((await tx.query<{ n: number }>(`select count(*)::int as n from ${name}`)).rows[0]?.n ?? 0)
  }
  return { detections: made[0] ?? 0, totals: made[1] ?? 0 }
}

/** `create table as` takes no parameters; these are numbers only. */
function inlined(sql: string, { first, last }: Hours, without: number[]): string {
  const whole = [first, last, ...without]
  if (!whole.every(Number.isSafeInteger)) throw new RangeError('hours are whole numbers')
  return sql
    .replaceAll('$1', String(first))
    .replaceAll('$2', String(last))
    .replaceAll('$3', `'{${without.join(',')}}'`)
}

export interface Difference {
  /** `hour 491000, organisation 3, …` */
  where: string
  stored: string | null
  counted: string | null
}

const shapes = {
  detections: { key: detectionKey, sums: detectionSums, recounted: 'recounted_detections' },
  totals: { key: totalKey, sums: totalSums, recounted: 'recounted_totals' },
} as const

/** Rows in which the stored table and its recount disagree: how many, and the first ten. */
export async function compare(
  tx: Tx,
  name: keyof typeof shapes,
  hours: Hours,
  without: number[],
): Promise<{ differing: number; examples: Difference[] }> {
  const { key, sums, recounted } = shapes[name]
  const of = (alias: string, list: string): string =>
    list
      .split(', ')
      .map((column) => `${alias}.${column}`)
      .join(', ')
  const { rows } = await tx.query<Difference & { n: number }>(
    `with stored as (select * from ${name} where hour between $1 and $2 and hour <> all ($3::int[])),
       differing as (
         select (case when s.hour is null then row_to_json((select k from (select ${of('r', key)}) k))
             else row_to_json((select k from (select ${of('s', key)}) k)) end)::text as "where",
           case when s.hour is null then null else concat_ws(' ', ${of('s', sums)}) end as stored,
           case when r.hour is null then null else concat_ws(' ', ${of('r', sums)}) end as counted
         from stored s full join ${recounted} r using (${key})
         where (${of('s', sums)}) is distinct from (${of('r', sums)}))
     select (select count(*)::int from differing) as n, d.* from differing d limit 10`,
    [hours.first, hours.last, without],
  )
  return {
    differing: rows[0]?.n ?? 0,
    examples: rows.map(({ where, stored, counted }) => ({ where, stored, counted })),
  }
}

/** Makes the stored tables say what the recount says, within those hours. */
export async function replace(tx: Tx, hours: Hours, without: number[]): Promise<void> {
  await tx.query('delete from detections where hour between $1 and $2 and hour <> all ($3::int[])', [
    hours.first,
    hours.last,
    without,
  ])
  await tx.query('delete from totals where hour between $1 and $2 and hour <> all ($3::int[])', [
    hours.first,
    hours.last,
    without,
  ])
  await tx.query(
    `insert into detections (${detectionKey}, ${detectionSums}) select ${detectionKey}, ${detectionSums} from recounted_detections`,
  )
  await tx.query(
    `insert into totals (${totalKey}, ${totalSums}) select ${totalKey}, ${totalSums} from recounted_totals`,
  )
}

/** The hours that belong to days whose events were forgotten at least in part, and those days. */
export async function purged(tx: Tx, zone: string): Promise<{ days: string[]; hours: number[] }> {
  const { rows } = await tx.query<{ day: string; from: number; to: number }>(
    `select day, (extract(epoch from day::timestamp at time zone $1) / 3600)::int as "from",
       (extract(epoch from (day + 1)::timestamp at time zone $1) / 3600)::int as "to"
     from days where purged_at is not null order by day`,
    [zone],
  )
  return {
    days: rows.map((row) => row.day),
    hours: rows.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)),
  }
}
