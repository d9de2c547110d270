/** What the spans of episodes hold: sums from the detections, sets of small numbers from the log. */
import type { Tx } from '../../platform/database.ts'
import type { Placed } from './recompute-assign.ts'
import { given, keyParams } from './recompute-keys.ts'

export interface Contents {
  events: number
  occurrences: number
  dropped: number
  passed: number
  partial: number
  share: number
  severity: number
  archive: boolean
  detectors: number[]
  sensors: number[]
  classes: number[]
  ports: number[]
}

type Sums = Omit<Contents, keyof Sets>
type Sets = Pick<Contents, 'detectors' | 'sensors' | 'classes' | 'ports'>

const longest = 256
const none: Sums = {
  events: 0,
  occurrences: 0,
  dropped: 0,
  passed: 0,
  partial: 0,
  share: 0,
  severity: 0,
  archive: false,
}

const spans = `(select k.*, floor(f / 3600000)::int as from_hour, floor(l / 3600000)::int as to_hour
  from ${given} join unnest($7::float8[], $8::float8[]) with ordinality as s (f, l, n) on s.n = k.at) k`
const inFamily =
  'join classes c on c.id = r.class_id join classes f on f.name = c.family and f.id = k.family_id'
const inHours = 'r.lane = k.lane and r.hour between k.from_hour and k.to_hour'
/** Few events have more than one key: their index finds them, and the hours of all others are not gone through. */
const inHoursFew = 'r.lane = k.lane and r.hour + 0 between k.from_hour and k.to_hour'
const ofMember = `r.org_id = k.org_id and r.side = k.side and r.key_id = k.key_id and ${inHours}`

/** The log's rows of every span: an organisation's from its matches, the perimeter's from the events. */
const logRows = (where: string): string => {
  const columns =
    'r.class_id, r.detector_id, r.sensor_id, r.port, r.weight, r.verdict, r.share, r.severity, r.archive'
  const exercise = 'r.exercise is not distinct from k.exercise'
  const from = (log: string, rows: string, hours = inHours): string =>
    `select k.at, l.* from ${spans} cross join lateral (select ${columns} from ${log} r ${inFamily} where ${rows} and ${hours} and ${exercise} offset 0) l`
  return `${from('matches', 'r.org_id = k.org_id and r.side = k.side and r.key_id = k.key_id')} where k.org_id <> 0 and ${where}
    union all ${from('events', 'r.key_id = k.key_id')} where k.org_id = 0 and ${where}
    union all ${from('events', 'r.more_keys is not null and r.more_keys @> array[k.key_id]', inHoursFew)} where k.org_id = 0 and ${where}`
}

/** Exercises share the rows of detections, so theirs are counted in the log. */
const sumsOfSpans = `
  select k.at::int, sum(r.events)::float8 as events, sum(r.occurrences)::float8 as occurrences, sum(r.dropped)::float8 as dropped,
    sum(r.passed)::float8 as passed, sum(r.partial)::float8 as partial, sum(r.share)::float8 as share, max(r.severity)::int as severity,
    bool_and(r.archive) as archive
  from ${spans} join detections r on ${ofMember} ${inFamily} where k.exercise is null group by k.at
  union all
  select at::int, count(*), sum(weight), count(*) filter (where verdict = 1), count(*) filter (where verdict = 2),
    count(*) filter (where verdict = 3), coalesce(sum(share) filter (where verdict = 3), 0), max(severity), bool_and(archive)
  from (${logRows('k.exercise is not null')}) r group by at`

const setsOfSpans = `
  select at::int, array_agg(distinct detector_id) as detectors, array_agg(distinct sensor_id) as sensors, array_agg(distinct class_id) as classes,
    coalesce(array_agg(distinct port) filter (where port is not null), '{}') as ports
  from (${logRows('true')}) r group by at`

/** What was known before stays known when the log of an old day has been forgotten. */
const setsBefore = `
  select n::int as at, int_union(e.detectors) as detectors, int_union(e.sensors) as sensors, int_union(e.classes) as classes, int_union(e.ports) as ports
  from unnest($1::int[], $2::bigint[]) as u (n, id) join episodes e on e.id = u.id group by n`

const united = (a: number[] = [], b: number[] = []): number[] =>
  [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, longest)

/** One for each placed span, in their order. */
export async function contentsOf(tx: Tx, placed: Placed[]): Promise<Contents[]> {
  const params = [
    ...keyParams(placed.map((p) => p.key)),
    placed.map((p) => p.span.first),
    placed.map((p) => p.span.last),
  ]
  const sums = await byNumber<Sums>(tx, sumsOfSpans, params)
  const sets = await byNumber<Sets>(tx, setsOfSpans, params)
  const within = placed.flatMap((p, i) => p.within.map((id) => ({ at: i + 1, id })))
  const before = await byNumber<Sets>(tx, setsBefore, [within.map((w) => w.at), within.map((w) => w.id)])
  return placed.map((_, i) => {
    const [now, then] = [sets.get(i + 1), before.get(i + 1)]
    return {
      ...(sums.get(i + 1) ?? none),
      detectors: united(now?.detectors, then?.detectors),
      sensors: united(now?.sensors, then?.sensors),
      classes: united(now?.classes, then?.classes),
      ports: united(now?.ports, then?.ports),
    }
  })
}

async function byNumber<R>(tx: Tx, sql: string, params: unknown[]): Promise<Map<number, R>> {
  const { rows } = await tx.query<R & { at: number }>(sql, params)
  return new Map(rows.map(({ at, ...row }) => [at, row as R]))
}
