/** Episodes: what belongs together over time, as lists and one by one. */
import type { Tx } from '../../../platform/database.ts'
import { byRecency, going } from '../last-event.ts'
import { type Counts, countsOf, type Sums } from './counts.ts'
import { cursorOf, type Listed, type Place, paged, pageSize, readCursor, wholeNumber } from './keyset.ts'
import { classNames, detectorNames, keyIds, keyTexts, organisationNames, sensorNames } from './names.ts'
import { orgsOf, type Whose } from './scope.ts'

export interface EpisodeFilter {
  whose: Whose
  /** Only those still going on. */
  open?: boolean | undefined
  /** Only those of which something got through. */
  through?: boolean | undefined
  /** This severity or higher. */
  severity?: number | undefined
  source?: string | undefined
  /** What became of them: `warning`, a suppressing reason, or `none` yet. */
  outcome?: string | undefined
}

export interface EpisodeRow extends Counts {
  id: number
  org: number
  organisation: string | null
  side: number
  lane: number
  exercise: string | null
  /** Category top part and service. */
  family: string
  source: string | null
  key: number
  first_at: string
  last_at: string
  severity: number
  detectors: number
  targets: number | null
  open: boolean
  outcome: string | null
}

const columns = `id, org_id, side, lane, exercise, family_id, key_id, first_at, last_at, events, occurrences, dropped, passed, partial, share,
  severity, detectors, sensors, classes, ports, targets, ${going('episodes')} as open, outcome, outcome_detail, severities, continues, gap_hours`

type Raw = Sums & {
  id: number
  org_id: number
  side: number
  lane: number
  exercise: string | null
  family_id: number
  key_id: number
  first_at: Date
  last_at: Date
  severity: number
  detectors: number[]
  sensors: number[]
  classes: number[]
  ports: number[]
  targets: number | null
  open: boolean
  outcome: string | null
  outcome_detail: Record<string, unknown>
  severities: [string, number][]
  continues: number | null
  gap_hours: number
}

/** One page of episodes, the latest first. */
export async function episodesOf(
  tx: Tx,
  filter: EpisodeFilter,
  place: Place = {},
  limit = pageSize,
): Promise<Listed<EpisodeRow>> {
  const keys = filter.source === undefined ? null : await keyIds(tx, filter.source)
  if (keys?.length === 0) return { rows: [], total: 0, older: null, newer: null }
  const backwards = place.newer !== undefined
  const cursor = readCursor(place.newer ?? place.older, 2)
  const way = backwards ? 'asc' : 'desc'
  const order = `last_at ${way}, id ${way}`
  const after = backwards
    ? `and (last_at, id) > ($7::timestamptz, $8::bigint) and last_hour > $7::timestamptz - interval '1 hour'`
    : 'and (last_at, id) < ($7::timestamptz, $8::bigint) and last_hour <= $7::timestamptz'
  const { rows } = await tx.query<Raw & { at: string } & Record<string, unknown>>(
    `select e.*, to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from unnest($1::int[]) o (org)
     cross join lateral (select ${columns} from episodes where org_id = o.org and alias_of is null and ${byRecency('episodes')} and events > 0 and lane <> 1
       and ($2::int[] is null or key_id = any ($2)) and ($3::boolean is null or ${going('episodes')} = $3) and ($4::int is null or severity >= $4)
       and ($5::boolean is null or (passed + partial > 0) = $5) and ($6::text is null or coalesce(outcome, 'none') = $6)
       ${cursor ? after : ''}
       order by last_hour ${way}, ${order} limit ${limit + 1}) e order by ${order} limit ${limit + 1}`,
    [
      orgsOf(filter.whose),
      keys,
      filter.open ?? null,
      filter.severity ?? null,
      filter.through ?? null,
      filter.outcome ?? null,
      ...(cursor ? [cursor[0], wholeNumber(cursor[1])] : []),
    ],
  )
  const page = paged(rows, place, limit, (row) => cursorOf(row.at, row.id), null)
  return { ...page, rows: await named(tx, page.rows) }
}

async function named(tx: Tx, rows: Raw[]): Promise<EpisodeRow[]> {
  const families = await classNames(
    tx,
    rows.map((r) => r.family_id),
  )
  const texts = await keyTexts(
    tx,
    rows.map((r) => r.key_id),
  )
  const orgs = await organisationNames(
    tx,
    rows.map((r) => r.org_id),
  )
  return rows.map((row) => ({
    id: row.id,
    org: row.org_id,
    organisation: orgs.get(row.org_id) ?? null,
    side: row.side,
    lane: row.lane,
    exercise: row.exercise,
    family: families.get(row.family_id) ?? 'other',
    source: texts.get(row.key_id) ?? null,
    key: row.key_id,
    first_at: row.first_at.toISOString(),
    last_at: row.last_at.toISOString(),
    ...countsOf(row),
    severity: row.severity,
    detectors: row.detectors.length,
    targets: row.targets,
    open: row.open,
    outcome: row.outcome,
  }))
}

export interface Episode extends EpisodeRow {
  /** Classes seen, with their side suffixes. */
  classes: string[]
  detector_names: string[]
  sensors: { id: number; name: string | null }[]
  ports: number[]
  outcome_detail: Record<string, unknown>
  /** When the severity rose to what. */
  severities: { at: string; severity: number }[]
  continues: number | null
  gap_hours: number
}

/** One episode; `alias` when it was merged into another; null when it is not there for the actor. */
export async function episodeOf(tx: Tx, id: number): Promise<Episode | { alias: number } | null> {
  const { rows } = await tx.query<Raw & { alias_of: number | null } & Record<string, unknown>>(
    `select ${columns}, alias_of from episodes where id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) return null
  if (row.alias_of !== null) return { alias: row.alias_of }
  const [plain] = await named(tx, [row])
  const sensors = await sensorNames(tx, row.sensors)
  const detectors = await detectorNames(tx, row.detectors)
  const classes = await classNames(tx, row.classes)
  return {
    ...(plain as EpisodeRow),
    classes: [...classes.values()].sort(),
    detector_names: [...detectors.values()].sort(),
    sensors: row.sensors.map((sensor) => ({ id: sensor, name: sensors.get(sensor) ?? null })),
    ports: row.ports,
    outcome_detail: row.outcome_detail,
    severities: row.severities.map(([at, severity]) => ({ at: new Date(at).toISOString(), severity })),
    continues: row.continues,
    gap_hours: row.gap_hours,
  }
}
