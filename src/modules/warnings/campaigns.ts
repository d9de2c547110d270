/** Campaigns (W2): who else was met by the same network of sources in the same kind of attack within the window. */
import type { Queryable } from '../../platform/database.ts'
import { type ClassBook, isAttack } from './classbook.ts'
import { type Episode, loadEpisodes, researchList } from './gather.ts'
import { type Campaign, type CampaignJudged, type CampaignMember, w2 } from './rules/w2.ts'
import type { Params } from './rules.ts'

/** One network and kind of attack with everybody it met in the window. */
export interface Group {
  /** `198.51.100.0/24`, `2001:db8:1::/48`, or the source's own text when it is no single address. */
  net: string
  family: number
  lane: number
  exercise: string | null
  /** End of the window, ms. */
  at: number
  campaign: Campaign
  episodes: Episode[]
  /** With those of research scanners. */
  met: Episode[]
  judged: CampaignJudged
}

/** May an episode be part of a campaign that members would hear of? The rest is never asked about. */
export const mayCampaign = (episode: Episode, book: ClassBook, lowest: number): boolean =>
  episode.side === 2 &&
  episode.org > 0 &&
  (episode.dropped < episode.events ||
    episode.classes.some((id) => {
      const info = book.byId.get(id)
      return info !== undefined && info.top !== 'Recon' && info.level >= lowest
    }))

interface Row extends Record<string, unknown> {
  net: string
  family: number
  lane: number
  exercise: string | null
  at: number
  id: number
  org: number
  key: number
  /** UTC hours since 1970, and class: with member and key they name the hourly row. */
  hour: number
  cls: number
  events: number
  dropped: number
  passed: number
  partial: number
  first: number
  last: number
}

/** Network of a source's address, as text and as its first and last address. */
const net = (column: string): string =>
  `set_masklen(${column}, case family(${column}) when 4 then 24 else 48 end)`

/**
 * For each network of the candidates' sources: the hourly rows of the same family within one window before and after
 * the candidate's last event, with the episodes they belong to. Networks that met one member only are left out before
 * their rows are read. Each step is led by an index (offset 0 keeps it a step): the tables grow faster than the planner
 * learns.
 */
async function meet(tx: Queryable, candidates: number[], minutes: number): Promise<Row[]> {
  const around = 'make_interval(mins => $2::int)'
  const hour = (sign: '+' | '-'): string =>
    `floor(extract(epoch from e.at) / 3600)::int ${sign} ceil($2::int / 60.0)::int`
  const { rows } = await tx.query<Row>(
    `with wanted as materialized (
       select net, lo, hi, key_id, family_id, lane, exercise, max(at) as at from (
         select coalesce(${net('k.addr')}::cidr::text, k.text) as net, host(network(${net('k.addr')}))::inet as lo,
           host(broadcast(${net('k.addr')}))::inet as hi, case when k.addr is null then k.id end as key_id, e.family_id, e.lane, e.exercise, e.last_at as at
         from unnest($1::bigint[]) as c (id)
         cross join lateral (select * from episodes e where e.id = c.id offset 0) e
         cross join lateral (select * from source_keys k where k.id = e.key_id offset 0) k) c
       group by net, lo, hi, key_id, family_id, lane, exercise),
     met as materialized (
       select w.net, w.family_id, w.lane, w.exercise, w.at, m.* from wanted w
       cross join lateral (
         select id, counted, kind from source_keys where addr between w.lo and w.hi
         union all select id, counted, kind from source_keys where id = w.key_id) k
       cross join lateral (
         select e.id, e.org_id, e.key_id, e.classes, e.first_at, e.last_at from episodes e
         where e.key_id = k.id and e.alias_of is null and e.family_id = w.family_id and e.org_id > 0 and e.side = 2 and e.lane = w.lane
           and e.exercise is not distinct from w.exercise and not e.archive and e.last_at >= w.at - ${around} and e.first_at <= w.at + ${around}
         offset 0) m
       where k.counted or k.kind <> 'address'),
     wide as materialized (
       select net, family_id, lane, exercise from met group by net, family_id, lane, exercise having count(distinct org_id) > 1)
     select e.net, e.family_id as family, e.lane, e.exercise, extract(epoch from e.at)::float8 * 1000 as at, e.id, e.org_id as org,
       e.key_id as key, d.hour, d.class_id as cls, d.events, d.dropped, d.passed, d.partial, extract(epoch from d.first_at)::float8 * 1000 as first, extract(epoch from d.last_at)::float8 * 1000 as last
     from wide w join met e on e.net = w.net and e.family_id = w.family_id and e.lane = w.lane and e.exercise is not distinct from w.exercise
     cross join lateral (
       select d.hour, d.class_id, d.events, d.dropped, d.passed, d.partial, d.first_at, d.last_at from detections d
       where d.key_id = e.key_id and d.org_id = e.org_id and d.hour between ${hour('-')} and ${hour('+')} and d.lane = e.lane and d.side = 2
         and d.class_id = any (e.classes) and d.last_at >= e.at - ${around} and d.first_at <= e.at + ${around}
         and d.first_at <= e.last_at and d.last_at >= e.first_at
       offset 0) d`,
    [candidates, minutes],
  )
  return rows
}

/** Rows of one group in the window of that length, containing the candidate's moment, that meets most members. */
export function bestWindow<R extends { at: number; org: number; first: number; last: number }>(
  rows: R[],
  lengthMs: number,
): R[] {
  let best: R[] = []
  let most = 0
  for (const { at, first } of rows) {
    const from = Math.min(Math.max(first, at - lengthMs), at)
    const inside = rows.filter((r) => r.first <= from + lengthMs && r.last >= from)
    const members = new Set(inside.map((r) => r.org)).size
    if (members > most) [best, most] = [inside, members]
  }
  return best
}

function groupsOf(rows: Row[]): Row[][] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const id = `${row.net} ${row.family} ${row.lane} ${row.exercise}`
    const group = groups.get(id)
    if (group) group.push(row)
    else groups.set(id, [row])
  }
  return [...groups.values()]
}

/** Members at which an intrusion by one of these sources is known from then on. */
async function intruded(tx: Queryable, episodes: Episode[], book: ClassBook): Promise<Set<number>> {
  const classes = book.idsOf((info) => info.top === 'Intrusion')
  if (classes.length === 0) return new Set()
  const { rows } = await tx.query<{ org: number }>(
    `select distinct e.org_id as org from episodes e where e.key_id = any ($1) and e.alias_of is null and e.org_id = any ($2) and e.classes && $3
       and e.dropped < e.events and e.last_at >= to_timestamp($4 / 1000.0)`,
    [
      episodes.map((e) => e.key),
      episodes.map((e) => e.org),
      classes,
      Math.min(...episodes.map((e) => e.first)),
    ],
  )
  return new Set(rows.map((row) => row.org))
}

/** What each member met in the window, by its hourly rows; a row that two episodes share counts once. */
function membersOf(rows: Row[], intrusions: Set<number>): CampaignMember[] {
  const members = new Map<number, CampaignMember>()
  const counted = new Set<string>()
  for (const row of rows) {
    const { org, key, hour, cls } = row
    const name = `${org} ${key} ${hour} ${cls}`
    if (counted.has(name)) continue
    counted.add(name)
    const m = members.get(org) ?? {
      org,
      events: 0,
      dropped: 0,
      passed: 0,
      partial: 0,
      intrusion: intrusions.has(org),
    }
    for (const count of ['events', 'dropped', 'passed', 'partial'] as const) m[count] += row[count]
    members.set(org, m)
  }
  return [...members.values()]
}

/** Judges every group that the candidates (ids of episodes) belong to; groups of one member are left out. */
export async function campaignsOf(
  tx: Queryable,
  candidates: number[],
  book: ClassBook,
  params: Params,
): Promise<Group[]> {
  if (candidates.length === 0) return []
  const minutes = params.minutes ?? 60
  const met = groupsOf(await meet(tx, candidates, minutes))
    .map((rows) => bestWindow(rows, minutes * 60_000))
    .filter((rows) => new Set(rows.map((row) => row.org)).size > 1)
  const ids = new Set(met.flatMap((rows) => rows.map((row) => row.id)))
  const all = new Map((await loadEpisodes(tx, [...ids])).map((e) => [e.id, e]))
  const groups: Group[] = []
  for (const rows of met) {
    const own = [...new Set(rows.map((row) => row.id))].flatMap((id) => all.get(id) ?? [])
    groups.push(await judge(tx, rows, own, book, params))
  }
  return groups
}

/** `rows` are those of the window, at least one; `met` their episodes. */
async function judge(
  tx: Queryable,
  rows: Row[],
  met: Episode[],
  book: ClassBook,
  params: Params,
): Promise<Group> {
  const episodes = met.filter((e) => researchList(e.labels) === null)
  const ids = new Set(episodes.map((e) => e.id))
  const classes = [...new Set(rows.map((row) => row.cls))].flatMap((id) => book.byId.get(id) ?? [])
  const research = episodes.length === 0 ? researchList(met[0]?.labels ?? []) : null
  const intrusions =
    episodes.length > 0 && classes.some(isAttack) ? await intruded(tx, episodes, book) : new Set<number>()
  const campaign = {
    classes,
    members: membersOf(
      rows.filter((row) => ids.has(row.id)),
      intrusions,
    ),
    research,
  }
  const { net: network, family, lane, exercise, at } = rows[0] as Row
  return { net: network, family, lane, exercise, at, campaign, episodes, met, judged: w2(campaign, params) }
}
