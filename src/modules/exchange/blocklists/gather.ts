/** What is known of attackers from the perimeter: whom campaigns came from, and when it was last seen. */
import type { Tx } from '../../../platform/database.ts'
import { daysListed } from '../../../values/indicators.ts'
import { ANY_MEMBER, ANY_MEMBER_KEY, ANY_MEMBER_STRICT_KEY, COORDINATORS } from '../../../values/scopes.ts'

/** Without a coordinator's word nothing is prolonged beyond twelve months (exchange.md 7). */
const longestMonths = 12
/** Newest campaigns first; a flood of others has to wait for its turn. */
const mostAtOnce = 50_000
/** What met one member alone is a candidate; members learn nothing of each other by an address that attacked many. */
const readers = [COORDINATORS, ANY_MEMBER, ANY_MEMBER_KEY, ANY_MEMBER_STRICT_KEY]

/** Takes the sources of the sector's campaigns over as candidates; answers how many of them are new or were seen again. */
export async function gatherCampaigns(tx: Tx, now: number): Promise<number> {
  const days = daysListed.ip ?? 0
  const { rowCount } = await tx.query(
    `with met as (
       select w.id as ref, k.text, max(e.last_at) as seen, w.answer = 'not_affected' as denied,
         greatest(count(distinct coalesce(o.present_id, o.id)), count(distinct s.org_id)) as observers
       from warnings w
       join warning_episodes we on we.warning_id = w.id
       join episodes e on e.id = we.episode_id and e.side = 2 and e.lane = 0 and e.alias_of is null and not e.archive
       join source_keys k on k.id = e.key_id and k.addr is not null and k.counted
       left join organisations o on o.id = e.org_id
       left join sensors s on s.id = any (e.sensors)
       where w.rule = 'W2' and w.org_id is null and w.lane = 0 and w.exercise is null
         and w.last_at > to_timestamp($1 / 1000.0) - make_interval(days => $2)
       group by w.id, k.text order by max(e.last_at) desc limit $3),
     held as (
       update blocklist_sources s set ended_at = to_timestamp($1 / 1000.0) from met m, blocklist_items i
       where m.denied and i.kind = 'ip' and i.value = m.text and s.item_id = i.id and s.source = 'campaign' and s.ref = m.ref and s.ended_at is null)
     insert into blocklist_sources as s (item_id, source, ref, observers, readers, added_at, seen_at, ends_at)
     select p.id, 'campaign', m.ref, least(m.observers, 1000), $4, to_timestamp($1 / 1000.0), m.seen,
       least(m.seen + make_interval(days => $2), i.first_at + make_interval(months => $5))
     from met m
     cross join lateral (select blocklist_put(case when m.text like '%/%' then 'net' else 'ip' end, m.text, to_timestamp($1 / 1000.0)) as id offset 0) p
     left join blocklist_items i on i.id = p.id
     where not m.denied and m.observers > 0
     on conflict (item_id, source, ref) do update set observers = greatest(s.observers, excluded.observers),
       seen_at = greatest(s.seen_at, excluded.seen_at), ends_at = greatest(s.ends_at, excluded.ends_at)
       where s.observers < excluded.observers or s.seen_at < excluded.seen_at`,
    [now, days, mostAtOnce, readers, longestMonths],
  )
  return rowCount ?? 0
}

/** A listed address that attacks again is listed for longer, whoever said that it is an attacker's. */
export async function prolong(tx: Tx, now: number): Promise<number> {
  const { rowCount } = await tx.query(
    `with met as (
       select i.id, i.first_at, max(e.last_at) as seen
       from blocklist_items i
       join source_keys k on k.text = i.value and k.counted
       join episodes e on e.key_id = k.id and e.side = 2 and e.lane = 0 and not e.archive
       where i.kind = 'ip' and i.state in ('confirmed', 'listed') and e.last_at > i.seen_at and e.last_at <= to_timestamp($1 / 1000.0)
       group by i.id)
     update blocklist_sources s set seen_at = m.seen,
       ends_at = greatest(s.ends_at, least(m.seen + make_interval(days => $2), m.first_at + make_interval(months => $3)))
     from met m where s.item_id = m.id and s.ended_at is null and s.seen_at < m.seen`,
    [now, daysListed.ip, longestMonths],
  )
  return rowCount ?? 0
}
