/** What pages read of warnings, inside `asActor`: row-level security decides what there is to read. */
import { kept, type Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { going } from '../events/index.ts'
import { ofWholeKind } from './reach.ts'
import { type EventCursor, type Span, sectorEventsOf } from './sector-events.ts'
import type {
  Cursor,
  EpisodeRow,
  EventRow,
  Filters,
  TimelineItem,
  WarningDetail,
  WarningRow,
} from './types.ts'
import { isUnattended } from './unattended.ts'

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

/** Looked for only where there is somebody: most rows have nobody yet. */
const nameOf = (person: string): string =>
  `case when ${person} is not null then (select p.name from people p where p.id = ${person}) end`

const columns = `w.id, w.number, w.org_id as org, o.name as "orgName", (select h.name from organisations h where h.id = o.present_id) as "orgNow", w.rule, w.severity, w.tlp, w.state, w.answer, ${ms('w.answered_at')} as "answeredAt",
  ${nameOf('w.answered_by')} as "answeredBy", w.title, w.explanation->>'cls' as cls, w.lane, w.exercise,
  ${ms('w.opened_at')} as "openedAt", ${ms('w.first_at')} as "firstAt", ${ms('w.last_at')} as "lastAt", ${ms('w.closed_at')} as "closedAt",
  ${ms('w.changed_at')} as "changedAt", coalesce((w.explanation->>'events')::int, 0) as events, w.seen_band as "seenBand",
  ${nameOf('w.assignee_id')} as assignee,
  w.state <> 'closed' and (exists (select 1 from warning_episodes we join episodes e on e.id = we.episode_id where we.warning_id = w.id and ${going('e')})
    or w.rule = 'W5') as going`
const joined = 'left join organisations o on o.id = w.org_id'

/** Conditions on `w`, with the values they use. */
function conditions(filters: Filters, values: unknown[]): string {
  const put = (value: unknown): string => `$${values.push(value)}`
  const parts = [filters.exercise ? 'w.lane = 2' : 'w.lane = 0']
  if (filters.state === 'living') parts.push(`w.state <> 'closed'`)
  else if (filters.state === 'concerning') parts.push(`w.state <> 'closed' and w.answer <> 'not_affected'`)
  else if (filters.state === 'unattended') parts.push(isUnattended)
  else if (filters.state) parts.push(`w.state = ${put(filters.state)}`)
  if (filters.asked)
    parts.push(
      `w.id in (select q.warning_id from warning_log q where q.kind = 'question' and not exists (
        select 1 from warning_log r where r.warning_id = q.warning_id and r.kind = 'reply' and r.id > q.id))`,
    )
  if (filters.severity !== undefined) parts.push(`w.severity >= ${put(filters.severity)}`)
  if (filters.rule) parts.push(`w.rule = ${put(filters.rule)}`)
  if (filters.org !== undefined)
    parts.push(
      filters.org === 0
        ? 'w.org_id is null'
        : `w.org_id = any ((select organisation_with_merged(${put(filters.org)}))::int[])`,
    )
  if (filters.answer) parts.push(`w.answer = ${put(filters.answer)}`)
  if (filters.from !== undefined) parts.push(`w.opened_at >= to_timestamp(${put(filters.from)} / 1000.0)`)
  if (filters.to !== undefined) parts.push(`w.opened_at < to_timestamp(${put(filters.to)} / 1000.0)`)
  if (filters.text?.trim()) {
    const like = put(`%${filters.text.trim().replace(/[\\%_]/g, '\\$&')}%`)
    parts.push(`(w.number ilike ${like} or w.exercise ilike ${like} or w.topic ilike ${like} or w.explanation->>'cls' ilike ${like} or w.explanation->>'hosts' ilike ${like}
      or w.explanation->>'sources' ilike ${like} or exists (select 1 from organisations f left join organisations h on h.id = f.present_id
        where f.id = w.org_id and (f.name ilike ${like} or h.name ilike ${like}))
      or exists (select 1 from organisation_names f where f.org_id = w.org_id and f.name ilike ${like}))`)
  }
  return parts.join(' and ')
}

/**
 * Newest opened first, from after the cursor. Each scope of the reader gives its own newest rows, so that a reader of
 * little never walks over what others may read.
 */
export async function listWarnings(
  tx: Queryable,
  filters: Filters,
  cursor: Cursor | null,
  limit = 50,
): Promise<WarningRow[]> {
  const values: unknown[] = []
  // Stands in the text, so that the kept plan reckons with it: in steps, or each limit would have a plan of its own.
  const most = Math.ceil((limit - 1) / 50) * 50 + 1
  const where = conditions(filters, values)
  const after = cursor
    ? `and (s.opened_at, s.warning_id) < (to_timestamp($${values.push(cursor.at)} / 1000.0), $${values.push(cursor.id)}::bigint)`
    : ''
  const { rows } = await tx.query<WarningRow & Record<string, unknown>>(
    kept(`select ${columns} from (
       select distinct on (n.opened_at, n.id) n.* from unnest((select actor_scopes())::int[]) as r (scope)
       cross join lateral (
         select w.* from warning_scopes s join warnings w on w.id = s.warning_id
         where s.scope = r.scope and ${where} ${after} order by s.opened_at desc, s.warning_id desc limit ${most}) n
       order by n.opened_at desc, n.id desc limit ${most}) w
     ${joined} order by w.opened_at desc, w.id desc`),
    values,
  )
  return rows.slice(0, limit)
}

/**
 * Coordinators see nearly all, so theirs are counted where they stand; who sees little has them picked by scope, instead of
 * walking over what others may read. Of the two counts one is never begun: what chooses it is asked once.
 */
export async function countWarnings(tx: Queryable, filters: Filters): Promise<number> {
  const values: unknown[] = []
  const where = conditions(filters, values)
  const since =
    filters.from === undefined
      ? ''
      : `and s.opened_at >= to_timestamp($${values.push(filters.from)} / 1000.0)`
  const { rows } = await tx.query<{ n: number }>(
    kept(`select ((select count(*) from warnings w where (select actor_coordinates()) and ${where})
       + (select count(*) from (select distinct s.warning_id from warning_scopes s
            where not (select actor_coordinates()) and s.scope = any ((select actor_scopes())::int[]) ${since}) l
          join warnings w on w.id = l.warning_id where ${where}))::int as n`),
    values,
  )
  return rows[0]?.n ?? 0
}

/** By id or number; `NotFound` when there is none or the reader may not see it. */
export async function getWarning(tx: Queryable, idOrNumber: number | string): Promise<WarningDetail> {
  const byId = /^\d{1,15}$/.test(String(idOrNumber))
  const { rows } = await tx.query<WarningDetail & Record<string, unknown>>(
    `select ${columns}, w.explanation, w.side, w.assignee_id as "assigneeId", ${ms('w.first_answer_at')} as "firstAnswerAt",
       ${ms('w.quiet_until')} as "quietUntil", ${ms('w.relapse_from')} as "relapseFrom", ${ms('w.notified_at')} as "notifiedAt",
       w.ladder_step as "ladderStep", ${ms('w.ladder_due_at')} as "ladderDueAt", w.rule_version as version,
       (select json_build_object('id', k.id, 'text', k.text) from source_keys k where k.id = w.key_id) as key,
       (select json_build_object('id', s.id, 'name', s.name) from sensors s where s.id = w.sensor_id) as sensor
     from warnings w ${joined} where ${byId ? 'w.id = $1::bigint' : 'w.number = $1'}`,
    [String(idOrNumber)],
  )
  if (!rows[0]) throw new NotFound('There is no such warning')
  return rows[0]
}

/** The warning's story, oldest first; at most the newest 500 lines. */
export async function timeline(tx: Queryable, id: number): Promise<TimelineItem[]> {
  const { rows } = await tx.query<TimelineItem & Record<string, unknown>>(
    `select l.id, ${ms('l.at')} as at, l.kind, p.name as person, l.detail, l.readers is not null as internal
     from warning_log l left join people p on p.id = l.person_id where l.warning_id = $1 order by l.at desc, l.id desc limit 500`,
    [id],
  )
  return rows.reverse()
}

export const episodeColumns = `e.id, e.org_id as org, e.side, f.name as family, json_build_object('id', k.id, 'text', k.text) as key,
  ${ms('e.first_at')} as "firstAt", ${ms('e.last_at')} as "lastAt", e.events,
  json_build_object('dropped', e.dropped, 'passed', e.passed, 'partial', e.partial, 'unknown', e.events - e.dropped - e.passed - e.partial) as verdicts,
  e.severity, e.targets, e.ports, ${going('e')} as open, e.outcome, e.outcome_detail as "outcomeDetail"`
export const episodeJoins = 'join classes f on f.id = e.family_id join source_keys k on k.id = e.key_id'

/** Episodes of a warning, newest first, at most 200; a reader sees its own organisation's. */
export async function episodesOf(tx: Queryable, id: number): Promise<EpisodeRow[]> {
  const { rows } = await tx.query<EpisodeRow & Record<string, unknown>>(
    `select ${episodeColumns} from warning_episodes we join episodes e on e.id = we.episode_id ${episodeJoins}
     where we.warning_id = $1 and e.alias_of is null order by e.last_at desc, e.id desc limit 200`,
    [id],
  )
  return rows
}

/** The events behind a warning: of its episodes, or of its member (or the sector) and kind in its hours when it has none. Newest first. */
export async function eventsOf(
  tx: Queryable,
  id: number,
  cursor: EventCursor | null,
  limit = 50,
): Promise<EventRow[]> {
  const { rows: spans } = await tx.query<Span>(
    `select e.org_id as org, e.side, e.lane, e.key_id as key, e.family_id as family, floor(extract(epoch from e.first_at) / 3600)::int as first,
       floor(extract(epoch from e.last_at) / 3600)::int as last
     from warning_episodes we join episodes e on e.id = we.episode_id where we.warning_id = $1 and e.alias_of is null
     union all
     select coalesce(w.org_id, 0), w.side, w.lane, null, w.family_id, floor(extract(epoch from w.first_at) / 3600)::int, floor(extract(epoch from w.last_at) / 3600)::int
     from warnings w where w.id = $1 and ${ofWholeKind}
     limit 200`,
    [id],
  )
  if (!spans[0]) return []
  if (spans[0].org === 0) return sectorEventsOf(tx, spans[0], cursor, limit)
  const of = (key: keyof Span): unknown[] => spans.map((span) => span[key])
  // A null key stands for all keys: two ways, so that each finds its index.
  const where = `m.lane = s.lane and (s.side = 0 or m.side = s.side) and m.hour between s.first and s.last
    and exists (select 1 from classes c join classes f on f.name = c.family where c.id = m.class_id and f.id = s.family)
    and ($8::float8 is null or (m.detected_at, m.batch_id, m.idx) < (to_timestamp($8 / 1000.0), $9::bigint, $10::int))
    order by m.detected_at desc, m.batch_id desc, m.idx desc limit $11`
  const { rows } = await tx.query<EventRow & Record<string, unknown>>(
    `select m.batch_id as batch, m.idx, ${ms('m.detected_at')} as at, c.name as cls, m.side, k.text as source, host(m.host) as host, host(m.peer) as peer,
       m.port, m.verdict, m.severity, m.weight, n.name as sensor, d.name as detector
     from (select distinct on (x.detected_at, x.batch_id, x.idx) x.* from (
       select m.* from unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[]) as s (org, side, lane, key, family, first, last)
       cross join lateral (select * from matches m where m.org_id = s.org and m.key_id = s.key and ${where}) m
       where s.key is not null
       union all
       select m.* from unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[]) as s (org, side, lane, key, family, first, last)
       cross join lateral (select * from matches m where m.org_id = s.org and ${where}) m
       where s.key is null) x
       order by x.detected_at desc, x.batch_id desc, x.idx desc, x.org_id limit $11) m
     join classes c on c.id = m.class_id join source_keys k on k.id = m.key_id
     left join sensors n on n.id = m.sensor_id left join detectors d on d.id = m.detector_id
     order by m.detected_at desc, m.batch_id desc, m.idx desc`,
    [
      ...(['org', 'side', 'lane', 'key', 'family', 'first', 'last'] as const).map(of),
      cursor?.at ?? null,
      cursor?.batch ?? null,
      cursor?.idx ?? null,
      limit,
    ],
  )
  return rows
}
