/** How far a warning reaches: times and counts of its episodes together, and how many others met the same. */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { log } from './log.ts'

/** A warning `w` of a volume: what stands behind it is all of one kind in its hours, a member's or the sector's, and no episodes. */
export const ofWholeKind = `w.family_id is not null and (w.org_id is not null or w.topic like 'kind %')
  and not exists (select 1 from warning_episodes we where we.warning_id = w.id)`

/** Times and counts of a warning are those of its episodes together, or of its kind in its hours: as many events as it opens. */
export async function sumUp(tx: Tx, id: number): Promise<void> {
  await tx.query(
    `update warnings w set first_at = least(w.first_at, s.first_at), last_at = greatest(w.last_at, s.last_at),
       explanation = w.explanation || jsonb_build_object('events', s.events, 'verdicts', jsonb_build_object('dropped', s.dropped, 'passed', s.passed,
         'partial', s.partial, 'unknown', s.events - s.dropped - s.passed - s.partial))
     from (select min(e.first_at) as first_at, max(e.last_at) as last_at, sum(e.events) as events, sum(e.dropped) as dropped, sum(e.passed) as passed,
         sum(e.partial) as partial from warning_episodes we join episodes e on e.id = we.episode_id where we.warning_id = $1 and e.alias_of is null) s
     where w.id = $1 and s.events is not null`,
    [id],
  )
  await tx.query(
    `update warnings w set explanation = w.explanation || jsonb_build_object('events', coalesce((
       select sum(t.events) from totals t join classes c on c.id = t.dim_id join classes f on f.name = c.family
       where f.id = w.family_id and t.org_id = coalesce(w.org_id, 0) and t.lane = w.lane and t.dim = 1
         and t.hour between floor(extract(epoch from w.first_at) / 3600)::int and floor(extract(epoch from w.last_at) / 3600)::int), 0))
     where w.id = $1 and w.rule in ('W2', 'W6') and ${ofWholeKind}`,
    [id],
  )
}

const rank = (column: string): string => `coalesce(substring(${column} from '^[0-9]+')::int, 0)`

/** "Also seen by": taken from the published sector table for one warning, or for all that live; it only grows. */
export async function widen(tx: Tx, id: number | null, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number; band: string }>(
    `update warnings w set seen_band = s.band, changed_at = to_timestamp($2 / 1000.0)
     from (select distinct on (w2.id) w2.id, n.band from warnings w2
       join sector_seen n on n.key_id = w2.key_id and n.family_id = w2.family_id
         and n.hour between floor(extract(epoch from w2.first_at) / 3600)::int - 24 and floor(extract(epoch from w2.last_at) / 3600)::int + 24
       where w2.state <> 'closed' and ($1::bigint is null or w2.id = $1) and w2.org_id is not null and w2.side = 2
       order by w2.id, ${rank('n.band')} desc) s
     where w.id = s.id and ${rank('s.band')} > ${rank('w.seen_band')} returning w.id, s.band`,
    [id, now],
  )
  for (const row of rows) {
    await log(tx, row.id, 'band', now, null, { band: row.band })
    await tx.query(`select announce('warnings', $1)`, [String(row.id)])
  }
  return rows.length
}

/** Bands of all living warnings, as the sector's table has grown since; answers how many grew. */
export const widenBands = (db: Database, now: number): Promise<number> =>
  asEngine(db, (tx) => widen(tx, null, now))
