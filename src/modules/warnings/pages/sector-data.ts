/** What the wall shows: read as the coordinator before it, never of exercises. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { countWarnings, listWarnings } from '../queries.ts'
import type { Filters, LogKind, Title, WarningRow } from '../types.ts'

export interface Campaign {
  id: number
  source: string | null
  severity: number
  firstAt: number
  lastAt: number
  title: Title
  /** Members hit, by name. */
  members: string[]
}

export interface Notable {
  id: number
  at: number
  kind: LogKind
  detail: Record<string, unknown>
  person: string | null
  warning: number
  severity: number
  title: Title
  orgName: string | null
}

export interface Waiting {
  key: 'hour' | 'shift' | 'day' | 'older'
  n: number
  urgent: number
  /** The filter that counted: the page behind the number has as many rows. */
  filters: Filters
}

export interface SectorNow {
  campaigns: Campaign[]
  waiting: Waiting[]
  silent: WarningRow[]
  notable: Notable[]
  living: number
  high: number
  lastHour: { events: number; dropped: number; through: number }
  lastEventAt: number | null
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function gatherSector(context: Context, actor: Actor, now: number): Promise<SectorNow> {
  return asActor(context.db, actor, now, async (tx) => ({
    campaigns: await campaignsOf(tx),
    waiting: await waitingOf(tx, now),
    silent: await listWarnings(tx, { rule: 'W5', state: 'living' }, null, 12),
    notable: await notableOf(tx),
    living: await countWarnings(tx, { state: 'living' }),
    high: await countWarnings(tx, { state: 'living', severity: 3 }),
    ...(await flow(tx, now)),
  }))
}

/** One row a campaign, scans that were all dropped left out: the coordinators' own warning names the members, those of members complete it. */
async function campaignsOf(tx: Queryable): Promise<Campaign[]> {
  const { rows } = await tx.query<
    Campaign & { named: { name: string }[] | null; hit: string[] | null } & Record<string, unknown>
  >(
    `select (array_agg(w.id order by w.org_id nulls first, w.id))[1] as id, (array_agg(w.title order by w.org_id nulls first, w.id))[1] as title,
       (array_agg(w.explanation->'sources'->>0 order by w.org_id nulls first, w.id))[1] as source, max(w.severity) as severity,
       extract(epoch from min(w.first_at))::float8 * 1000 as "firstAt", extract(epoch from max(w.last_at))::float8 * 1000 as "lastAt",
       (array_agg(w.explanation->'members' order by w.org_id nulls first, w.id))[1] as named, array_agg(distinct o.name) filter (where o.id is not null) as hit,
       array_agg(distinct o.id) filter (where o.id is not null) as org_ids
     from warnings w left join organisations o on o.id = w.org_id
     where w.rule = 'W2' and w.state <> 'closed' and w.lane = 0 and w.topic not like 'dropped %'
     group by w.topic order by max(w.severity) desc, max(w.last_at) desc limit 8`,
  )
  return rows.map(({ named, hit, ...row }) => ({
    ...row,
    members: [...new Set([...(named ?? []).map((one) => one.name), ...(hit ?? [])])].sort((a, b) =>
      a.localeCompare(b, 'cs'),
    ),
  }))
}

/** Unanswered warnings of medium and above by how long they wait; `urgent` of high and above. */
export async function waitingOf(tx: Queryable, now: number): Promise<Waiting[]> {
  const spans: [Waiting['key'], number, number | undefined][] = [
    ['hour', now - hourMs, undefined],
    ['shift', now - 4 * hourMs, now - hourMs],
    ['day', now - dayMs, now - 4 * hourMs],
    ['older', 0, now - dayMs],
  ]
  const waiting: Waiting[] = []
  for (const [key, from, to] of spans) {
    const filters: Filters = {
      state: 'living',
      answer: 'pending',
      severity: 2,
      from,
      ...(to === undefined ? {} : { to }),
    }
    waiting.push({
      key,
      filters,
      n: await countWarnings(tx, filters),
      urgent: await countWarnings(tx, { ...filters, severity: 3 }),
    })
  }
  return waiting
}

const notableKinds: LogKind[] = ['opened', 'raised', 'reopened', 'relapse', 'answer', 'question', 'closed']

async function notableOf(tx: Queryable): Promise<Notable[]> {
  const { rows } = await tx.query<Notable & Record<string, unknown>>(
    `select l.id, extract(epoch from l.at)::float8 * 1000 as at, l.kind, l.detail, p.name as person, w.id as warning, w.severity, w.title, o.name as "orgName"
     from warning_log l join warnings w on w.id = l.warning_id left join organisations o on o.id = w.org_id left join people p on p.id = l.person_id
     where l.kind = any ($1) and w.lane = 0 and (w.severity >= 2 or l.kind in ('answer', 'question')) order by l.id desc limit 10`,
    [notableKinds],
  )
  return rows
}

/** The sixty minutes before now, whichever clock hours they lie in. */
async function flow(tx: Queryable, now: number): Promise<Pick<SectorNow, 'lastHour' | 'lastEventAt'>> {
  const { rows } = await tx.query<{ events: number; dropped: number; through: number }>(
    `select count(*)::int as events, (count(*) filter (where verdict = 1))::int as dropped, (count(*) filter (where verdict in (2, 3)))::int as through
     from events where hour between $1 and $2 and lane = 0 and detected_at > to_timestamp($3 / 1000.0) and detected_at <= to_timestamp($4 / 1000.0)`,
    [Math.floor(now / hourMs) - 1, Math.floor(now / hourMs), now - hourMs, now],
  )
  const { rows: last } = await tx.query<{ at: number | null }>(
    'select extract(epoch from max(newest_event_at))::float8 * 1000 as at from sensors',
  )
  return { lastHour: rows[0] ?? { events: 0, dropped: 0, through: 0 }, lastEventAt: last[0]?.at ?? null }
}
