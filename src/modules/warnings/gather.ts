/** Questions to the database from which rules get their features. They only read, so that a dry run asks the same. */
import type { Queryable } from '../../platform/database.ts'
import type { ClassBook, ClassInfo } from './classbook.ts'
import { isLowered } from './credibility.ts'
import type { Features } from './rules/judge.ts'
import { isMisbehaviour } from './rules/w1.ts'

export interface Label {
  list: string
  group: string
  version: string
  effect: string
}

/** One episode with its source. Times in ms. */
export interface Episode {
  id: number
  org: number
  side: number
  lane: number
  exercise: string | null
  family: number
  key: number
  text: string
  kind: string
  counted: boolean
  first: number
  last: number
  events: number
  dropped: number
  passed: number
  partial: number
  severity: number
  detectors: number[]
  classes: number[]
  ports: number[]
  outcome: string | null
  /** When it last changed, exactly. */
  changed: string
  labels: Label[]
}

/** What is the same for all episodes of one step. */
export interface Surroundings {
  book: ClassBook
  lowered: Set<string>
  honeypots: Set<number>
  sinkholes: boolean
}

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

/** A source is looked up a moment after its first event: the first that a list ever said of it holds for the time before too. */
const heldAt = `l.until > e.first_at and (l.since <= e.last_at or not exists (
         select 1 from key_labels f where f.key_id = l.key_id and f.list = l.list and f.since < l.since))`

export async function loadEpisodes(tx: Queryable, ids: number[]): Promise<Episode[]> {
  if (ids.length === 0) return []
  const { rows } = await tx.query<Episode & Record<string, unknown>>(
    `select e.id, e.org_id as org, e.side, e.lane, e.exercise, e.family_id as family, e.key_id as key, k.text, k.kind, k.counted,
       ${ms('e.first_at')} as first, ${ms('e.last_at')} as last, e.events, e.dropped, e.passed, e.partial, e.severity, e.detectors, e.classes,
       e.ports, e.outcome, e.changed_at::text as changed, coalesce((select json_agg(json_build_object('list', l.list, 'group', l.grp, 'version', l.version, 'effect', l.effect) order by l.list)
         from key_labels l where l.key_id = e.key_id and ${heldAt}), '[]') as labels
     from episodes e join source_keys k on k.id = e.key_id where e.id = any ($1) order by e.id`,
    [ids],
  )
  return rows
}

/** Detectors that only ever see those who touch what nobody should touch: some say so, some are known by their usual names. */
const honeypotNames = 'honey|tarpit|labrea|cowrie|kippo|dionaea|heralding|conpot|opencanary'

export async function surroundings(
  tx: Queryable,
  book: ClassBook,
  lowered: Set<string>,
): Promise<Surroundings> {
  const honeypots = await tx.query<{ id: number }>('select id from detectors where honeypot or name ~ $1', [
    honeypotNames,
  ])
  const sinkholes = await tx.query(`select 1 from settings where name = 'sinkholes' and value <> '[]'`)
  return {
    book,
    lowered,
    honeypots: new Set(honeypots.rows.map((row) => row.id)),
    sinkholes: sinkholes.rowCount === 1,
  }
}

export const classesOf = (episode: Episode, book: ClassBook): ClassInfo[] =>
  episode.classes.flatMap((id) => book.byId.get(id) ?? [])

export const researchList = (labels: Label[]): string | null =>
  labels.find((l) => l.effect === 'recon-to-info')?.list ?? null

export function featuresOf(episode: Episode, around: Surroundings, sinkhole: boolean): Features {
  const { events, dropped, passed, partial } = episode
  const pairs = episode.detectors.flatMap((d) => episode.classes.map((c) => [d, c] as const))
  return {
    side: episode.side,
    severity: episode.severity,
    events,
    verdicts: { dropped, passed, partial, unknown: events - dropped - passed - partial },
    classes: classesOf(episode, around.book),
    detectors: episode.detectors.length,
    honeypot: episode.detectors.some((id) => around.honeypots.has(id)),
    spoofed: episode.kind === 'address' && !episode.counted,
    sinkhole,
    research: researchList(episode.labels),
    lowered: pairs.length > 0 && pairs.every(([d, c]) => isLowered(around.lowered, episode.org, d, c)),
  }
}

/** Own hosts of these episodes that spoke to an address on a list of sinkholes. Led by the keys, each peer looked up once. */
export async function talkedToSinkhole(tx: Queryable, episodes: Episode[]): Promise<Set<number>> {
  const ids = episodes.filter((e) => e.side !== 2).map((e) => e.id)
  if (ids.length === 0) return new Set()
  const { rows } = await tx.query<{ id: number }>(
    `with sinkholes as materialized (
       select (s->>'net')::inet as net, to_timestamp((s->>'since')::float8 / 1000.0) as since
       from settings, jsonb_array_elements(value) s where name = 'sinkholes')
     select e.id from unnest($1::bigint[]) as c (id)
     cross join lateral (select * from episodes e where e.id = c.id offset 0) e
     where exists (
       select 1 from (
         select m.peer, max(m.detected_at) as at from matches m
         where m.org_id = e.org_id and m.key_id = e.key_id and m.side + 0 <> 2 and m.hour between floor(extract(epoch from e.first_at) / 3600)::int
           and floor(extract(epoch from e.last_at) / 3600)::int group by m.peer offset 0) p
       join sinkholes s on p.peer <<= s.net and s.since <= p.at)`,
    [ids],
  )
  return new Set(rows.map((row) => row.id))
}

/** Did a host that was hit through this episode then speak to the source, or misbehave, within so many minutes? */
export async function hasAnswered(
  tx: Queryable,
  episode: Episode,
  minutes: number,
  book: ClassBook,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with hits as (
       select distinct m.host, date_trunc('minute', m.detected_at) as at from matches m
       where m.org_id = $1 and m.key_id = $2 and m.side = 2 and m.lane = $3 and m.verdict in (2, 3) and m.class_id = any ($4) and m.host is not null
         and m.hour between $5 and $6 limit 5000)
     select 1 from hits h join source_keys k on k.addr = h.host
     join matches a on a.org_id = $1 and a.key_id = k.id and a.lane = $3 and a.side in (1, 3)
       and a.hour between floor(extract(epoch from h.at) / 3600)::int and floor(extract(epoch from h.at) / 3600)::int + ceil($7::int / 60.0)::int
     where a.detected_at >= h.at and a.detected_at <= h.at + make_interval(mins => $7::int) and (a.peer = $8::inet or a.class_id = any ($9)) limit 1`,
    [
      episode.org,
      episode.key,
      episode.lane,
      episode.classes,
      Math.floor(episode.first / 3_600_000),
      Math.floor(episode.last / 3_600_000),
      minutes,
      episode.kind === 'address' ? episode.text : null,
      book.idsOf((info) => isMisbehaviour(info)),
    ],
  )
  return (rowCount ?? 0) > 0
}

export interface Place {
  hosts: string[]
  network: { text: string; label: string } | null
}

/** The member's own addresses in an episode (those that were hit by what was not dropped first), and the range matched. */
export async function placeOf(tx: Queryable, episode: Episode): Promise<Place> {
  const { rows } = await tx.query<{ host: string | null; text: string | null; label: string | null }>(
    `select host(m.host) as host, n.text, n.label from (
       select host, min(network_id) as network_id, bool_or(verdict in (2, 3)) as through, count(*) as n from matches
       where org_id = $1 and key_id = $2 and side = $3 and lane = $4 and class_id = any ($5) and hour between $6 and $7 group by host) m
     left join networks n on n.id = m.network_id order by m.through desc, m.n desc, m.host limit 50`,
    [
      episode.org,
      episode.key,
      episode.side,
      episode.lane,
      episode.classes,
      Math.floor(episode.first / 3_600_000),
      Math.floor(episode.last / 3_600_000),
    ],
  )
  const range = rows.find((row) => row.text !== null)
  return {
    hosts: rows.flatMap((row) => row.host ?? []),
    network: range?.text ? { text: range.text, label: range.label ?? '' } : null,
  }
}

export async function detectorNames(tx: Queryable, ids: number[]): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    'select id, name from detectors where id = any ($1)',
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}
