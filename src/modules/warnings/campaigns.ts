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
  ids: number[]
}

/**
 * For each network of the candidates' sources: the episodes of the same family that had an event in the window before
 * the candidate's last one. Hourly rows tell that exactly, as none of them is longer than the window.
 */
async function meet(tx: Queryable, candidates: Episode[], minutes: number): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `with wanted as (
       select net, lo, hi, key_id, family_id, lane, exercise, max(at) as at from (
         select case when k.addr is null then k.text else set_masklen(k.addr, case family(k.addr) when 4 then 24 else 48 end)::cidr::text end as net,
           host(network(set_masklen(k.addr, case family(k.addr) when 4 then 24 else 48 end)))::inet as lo,
           host(broadcast(set_masklen(k.addr, case family(k.addr) when 4 then 24 else 48 end)))::inet as hi,
           case when k.addr is null then k.id end as key_id, e.family_id, e.lane, e.exercise, e.last_at as at
         from episodes e join source_keys k on k.id = e.key_id where e.id = any ($1)) c
       group by net, lo, hi, key_id, family_id, lane, exercise)
     select w.net, w.family_id as family, w.lane, w.exercise, extract(epoch from w.at)::float8 * 1000 as at, array_agg(m.id order by m.id) as ids
     from wanted w
     cross join lateral (
       select id, counted, kind from source_keys where addr between w.lo and w.hi
       union all select id, counted, kind from source_keys where id = w.key_id) k
     join lateral (
       select e.id, e.org_id from episodes e
       where e.key_id = k.id and e.alias_of is null and e.last_at >= w.at - make_interval(mins => $2::int) and e.first_at <= w.at and e.org_id > 0
         and e.side = 2 and e.family_id = w.family_id and e.lane = w.lane and e.exercise is not distinct from w.exercise and not e.archive
         and exists (select 1 from detections d where d.hour between floor(extract(epoch from w.at) / 3600)::int - ceil($2::int / 60.0)::int
           and floor(extract(epoch from w.at) / 3600)::int and d.org_id = e.org_id and d.lane = e.lane and d.side = 2 and d.class_id = any (e.classes)
           and d.key_id = e.key_id and d.last_at >= w.at - make_interval(mins => $2::int) and d.first_at <= w.at)) m on true
     where k.counted or k.kind <> 'address'
     group by w.net, w.family_id, w.lane, w.exercise, w.at having count(distinct m.org_id) > 1`,
    [candidates.map((e) => e.id), minutes],
  )
  // An array of bigint comes as text.
  return rows.map((row) => ({ ...row, ids: row.ids.map(Number) }))
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

function membersOf(episodes: Episode[], intrusions: Set<number>): CampaignMember[] {
  const members = new Map<number, CampaignMember>()
  for (const e of episodes) {
    const m = members.get(e.org) ?? {
      org: e.org,
      events: 0,
      dropped: 0,
      passed: 0,
      partial: 0,
      intrusion: intrusions.has(e.org),
    }
    members.set(e.org, {
      ...m,
      events: m.events + e.events,
      dropped: m.dropped + e.dropped,
      passed: m.passed + e.passed,
      partial: m.partial + e.partial,
    })
  }
  return [...members.values()]
}

/** Judges every group that the candidates belong to; groups of one member are left out. */
export async function campaignsOf(
  tx: Queryable,
  candidates: Episode[],
  book: ClassBook,
  params: Params,
): Promise<Group[]> {
  if (candidates.length === 0) return []
  const rows = await meet(tx, candidates, params.minutes ?? 60)
  const all = new Map(
    (await loadEpisodes(tx, [...new Set(rows.flatMap((row) => row.ids))])).map((e) => [e.id, e]),
  )
  const groups: Group[] = []
  for (const { ids, ...row } of rows) {
    const met = ids.flatMap((id) => all.get(id) ?? [])
    const episodes = met.filter((e) => researchList(e.labels) === null)
    const classes = [...new Set(met.flatMap((e) => e.classes))].flatMap((id) => book.byId.get(id) ?? [])
    const research = episodes.length === 0 ? researchList(met[0]?.labels ?? []) : null
    const members = membersOf(
      episodes,
      classes.some(isAttack) ? await intruded(tx, episodes, book) : new Set(),
    )
    const campaign = { classes, members, research }
    groups.push({ ...row, campaign, episodes, judged: w2(campaign, params) })
  }
  return groups
}
