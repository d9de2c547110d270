/** One trouble is one living warning: opened, merged, raised, told again when it comes back. */
import type { Tx } from '../../platform/database.ts'
import { COORDINATORS, readersOf } from '../../values/scopes.ts'
import { log } from './log.ts'
import { notify, type Subject } from './notices.ts'
import { noticeFor, type Told } from './quiet.ts'
import { sumUp, widen } from './reach.ts'
import type { Finding, Standing, WarningState } from './types.ts'

const dayMs = 86_400_000

/** A trouble that comes back within a month is the same warning, later a new one. */
const sameTroubleMs = 30 * dayMs

export interface Raised {
  id: number
  number: string
  opened: boolean
  /** Held back because the same was answered as a false alarm; until when. */
  held: number | null
}

interface Living {
  id: number
  number: string
  state: WarningState
  answer: Standing
  severity: number
  closed: number | null
  notified: number | null
  quiet: number | null
  relapse: number | null
  told: Told | null
  false_alarm: boolean
  band: string | null
}

/** Opens the finding's warning or lets the living one grow by it, and decides what must go out. */
export async function raise(tx: Tx, finding: Finding, now: number): Promise<Raised> {
  const living = await find(tx, finding, now)
  if (!living) return open(tx, finding, now)
  const { id, number } = living
  const closed = living.state === 'closed'
  const worse = finding.severity > (living.told?.severity ?? 0)
  if (closed && living.false_alarm && !worse && living.quiet !== null && now < living.quiet)
    return { id, number, opened: false, held: living.quiet }
  const merged = await attach(tx, id, finding.episodes)
  if (merged > 0 && !closed) await log(tx, id, 'merged', now, null, { episodes: merged })
  if (
    closed &&
    living.closed !== null &&
    finding.last <= living.closed &&
    !(await graver(tx, living, finding))
  ) {
    await sumUp(tx, id)
    return { id, number, opened: false, held: null }
  }
  if (closed) await reopen(tx, living, now)
  if (finding.severity > living.severity && !closed)
    await log(tx, id, 'raised', now, null, { from: living.severity, to: finding.severity })
  await grow(tx, living, finding, now)
  await speak(tx, living, finding, now)
  return { id, number, opened: false, held: null }
}

/** What comes late about a time before the answer is no relapse, unless whoever answered could not know how bad it was. */
async function graver(tx: Tx, living: Living, f: Finding): Promise<boolean> {
  if (f.severity > Math.max(living.severity, living.told?.severity ?? 0)) return true
  return living.told !== null && !living.told.passed && (await toldBy(tx, living.id, f)).passed
}

async function find(tx: Tx, f: Finding, now: number): Promise<Living | undefined> {
  const { rows } = await tx.query<Living & Record<string, unknown>>(
    `select id, number, state, answer, severity, extract(epoch from closed_at)::float8 * 1000 as closed,
       extract(epoch from notified_at)::float8 * 1000 as notified, extract(epoch from quiet_until)::float8 * 1000 as quiet,
       extract(epoch from relapse_from)::float8 * 1000 as relapse, notified_state as told,
       explanation->'params'->>'band' as band, coalesce((select a.answer = 'false_alarm' from answers a where a.warning_id = w.id and a.counted order by a.id desc limit 1), false) as false_alarm
     from warnings w
     where rule = $1 and topic = $2 and coalesce(org_id, 0) = $3 and lane = $4 and exercise is not distinct from $5
       and (state <> 'closed' or closed_at > to_timestamp($6 / 1000.0))
     order by (state <> 'closed') desc, id desc limit 1 for update`,
    [f.rule, f.topic, f.org ?? 0, f.lane, f.exercise, now - sameTroubleMs],
  )
  return rows[0]
}

async function open(tx: Tx, f: Finding, now: number): Promise<Raised> {
  const readers =
    f.org === null ? [COORDINATORS] : readersOf({ kind: 'organisations', orgs: [f.org] }, 'AMBER', f.org)
  const { rows } = await tx.query<{ id: number; number: string }>(
    `insert into warnings (number, org_id, rule, rule_version, topic, side, family_id, key_id, sensor_id, severity, lane, exercise, title,
       explanation, opened_at, first_at, last_at, readers, changed_at)
     values ('HSOC-D-' || to_char(to_timestamp($1 / 1000.0) at time zone 'Europe/Prague', 'YYYY') || '-' || lpad(nextval('warning_numbers')::text, 6, '0'),
       $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, to_timestamp($1 / 1000.0), to_timestamp($15 / 1000.0), to_timestamp($16 / 1000.0),
       $17, to_timestamp($1 / 1000.0))
     returning id, number`,
    [
      now,
      f.org,
      f.rule,
      f.version,
      f.topic,
      f.side,
      f.family,
      f.key,
      f.sensor,
      f.severity,
      f.lane,
      f.exercise,
      f.title,
      f.explanation,
      f.first,
      f.last,
      readers,
    ],
  )
  const { id, number } = rows[0] as { id: number; number: string }
  await tx.query(
    'insert into warning_scopes (scope, opened_at, warning_id) select s, w.opened_at, w.id from warnings w, unnest(w.readers) s where w.id = $1',
    [id],
  )
  await attach(tx, id, f.episodes)
  await log(tx, id, 'opened', now, null, { severity: f.severity, rule: f.rule })
  await sumUp(tx, id)
  await widen(tx, id, now)
  await notify(tx, subjectOf(id, f), 'new', await toldBy(tx, id, f), now)
  await tx.query(`select announce('warnings', $1)`, [String(id)])
  return { id, number, opened: true, held: null }
}

const subjectOf = (id: number, f: Finding): Subject => ({
  id,
  org: f.org,
  rule: f.rule,
  severity: f.severity,
  lane: f.lane,
})

async function attach(tx: Tx, id: number, episodes: number[]): Promise<number> {
  if (episodes.length === 0) return 0
  const { rowCount } = await tx.query(
    'insert into warning_episodes (warning_id, episode_id) select $1, unnest($2::bigint[]) on conflict do nothing',
    [id, episodes],
  )
  return rowCount ?? 0
}

async function reopen(tx: Tx, living: Living, now: number): Promise<void> {
  await tx.query(
    `update warnings set state = 'reopened', closed_at = null, answer = 'pending', answered_at = null, answered_by = null,
       changed_at = to_timestamp($2 / 1000.0) where id = $1`,
    [living.id, now],
  )
  // Answered done and back again is news at once; what merely paused keeps its threshold.
  if (living.answer === 'done') Object.assign(living, { quiet: null, relapse: living.closed })
  living.answer = 'pending'
  await log(tx, living.id, 'reopened', now, null, { why: 'relapse' })
}

/** The newest finding explains the warning; severity never falls while it lives. */
async function grow(tx: Tx, living: Living, f: Finding, now: number): Promise<void> {
  const said = keepBand(living, f)
  const lead = living.state === 'closed' || f.severity >= living.severity
  await tx.query(
    `update warnings set severity = case when $8 then $2 else severity end, rule_version = $3,
       title = case when $7 then $4::jsonb else title end, explanation = case when $7 then $5::jsonb else explanation end,
       last_at = greatest(last_at, to_timestamp($6 / 1000.0)), changed_at = to_timestamp($9 / 1000.0) where id = $1`,
    [
      living.id,
      f.severity,
      f.version,
      f.title,
      said,
      f.last,
      lead,
      living.state === 'closed' || f.severity > living.severity,
      now,
    ],
  )
  await sumUp(tx, living.id)
  await widen(tx, living.id, now)
  await tx.query(`select announce('warnings', $1)`, [String(living.id)])
}

async function speak(tx: Tx, living: Living, f: Finding, now: number): Promise<void> {
  const severity = living.state === 'closed' ? f.severity : Math.max(living.severity, f.severity)
  const told = { ...(await toldBy(tx, living.id, f)), severity }
  const kind = noticeFor(
    {
      told: living.told,
      notifiedAt: living.notified,
      quietUntil: living.quiet,
      relapseFrom: living.relapse,
      answer: living.answer,
    },
    told,
    f.last,
    now,
  )
  if (kind === 'wait')
    await tx.query('update warnings set notified_state = $2 where id = $1', [
      living.id,
      { ...told, waiting: true },
    ])
  else if (kind) await notify(tx, { ...subjectOf(living.id, f), severity }, kind, told, now)
}

async function toldBy(tx: Tx, id: number, f: Finding): Promise<Told> {
  const { rows } = await tx.query<{ families: number[]; passed: boolean }>(
    `select coalesce(array_agg(distinct e.family_id order by e.family_id), '{}') as families, coalesce(sum(e.passed + e.partial), 0) > 0 as passed
     from warning_episodes we join episodes e on e.id = we.episode_id where we.warning_id = $1 and e.alias_of is null`,
    [id],
  )
  return {
    severity: f.severity,
    passed: rows[0]?.passed ?? false,
    families: rows[0]?.families ?? [],
    rate: f.rate,
  }
}

/** How many were hit is said as a band that never shrinks. */
function keepBand(living: Living, f: Finding): Finding['explanation'] {
  const first = (text: unknown): number => Number.parseInt(String(text ?? ''), 10) || 0
  if (living.band === null || first(living.band) <= first(f.explanation.params.band)) return f.explanation
  return { ...f.explanation, params: { ...f.explanation.params, band: living.band } }
}
