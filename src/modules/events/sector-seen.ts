/**
 * Bands of the sources whose episodes changed: for each hour in which a member's episode ran, how many members had one
 * of the same source and family within 24 hours of it.
 */
import type { Tx } from '../../platform/database.ts'
import { type Band, bandOf, bands, rankOf } from '../../values/bands.ts'

/** Hours (since 1970) of one member's episode of a source and family; `from` and `to` bound what is to be told anew. */
export interface Met {
  key: number
  family: number
  org: number
  first: number
  last: number
  from: number
  to: number
}

export interface Seen {
  key: number
  family: number
  hour: number
  band: Band
}

const reach = 24

/** Episodes of sources that changed and that met more than `members` members; asked once, it forgets which changed. */
async function wideSources(tx: Tx, members: number): Promise<Met[]> {
  const byKey = 'e.alias_of is null and e.org_id > 0 and e.lane = 0'
  const hour = (value: string): string => `floor(extract(epoch from ${value}) / 3600)::int`
  const day = `interval '${reach} hours'`
  const { rows } = await tx.query<Met & Record<string, unknown>>(
    `with gone as (delete from source_changes returning key_id, family_id, at),
     changed as materialized (select key_id, family_id, min(at) as at from gone group by 1, 2),
     touched as materialized (
       select c.key_id, c.family_id, min(greatest(e.first_at, e.last_at - interval '48 hours')) - ${day} as f, max(e.last_at) + ${day} as l
       from changed c cross join lateral (
         select first_at, last_at from episodes e where e.key_id = c.key_id and e.family_id = c.family_id and ${byKey}
           and e.changed_at >= c.at offset 0) e
       group by 1, 2),
     met as materialized (
       select t.key_id, t.family_id, t.f, t.l, coalesce(o.present_id, o.id) as org_id, e.first_at, e.last_at from touched t
       cross join lateral (
         select org_id, first_at, last_at from episodes e where e.key_id = t.key_id and e.family_id = t.family_id and ${byKey}
           and e.last_at >= t.f - ${day} and e.first_at <= t.l + ${day} offset 0) e
       -- Two that have become one are one that knows of itself.
       join organisations o on o.id = e.org_id),
     wide as (select key_id, family_id from met group by 1, 2 having count(distinct org_id) > $1)
     select key_id as key, family_id as family, org_id as org, ${hour('first_at')} as first, ${hour('last_at')} as last,
       ${hour('f')} as from, ${hour('l')} as to
     from wide join met using (key_id, family_id) order by key_id, family_id`,
    [members],
  )
  return rows
}

/** Adds up how many members each hour concerns, for one source and family. */
function membersAt(met: Met[], from: number, to: number): number[] {
  const count = new Array<number>(to - from + 1).fill(0)
  const byOrg = Map.groupBy(met, (m) => m.org)
  for (const own of byOrg.values()) {
    let told = from - 1
    for (const { first, last } of own.sort((a, b) => a.first - b.first)) {
      const end = Math.min(last + reach, to)
      for (let h = Math.max(first - reach, from, told + 1); h <= end; h++) (count[h - from] as number)++
      told = Math.max(told, end)
    }
  }
  return count
}

/** What is to be told of each hour in which an episode ran. A reader in the set knows of itself, so one is taken off. */
export function hoursSeen(met: Met[], population: number): Seen[] {
  const seen: Seen[] = []
  for (const own of Map.groupBy(met, (m) => `${m.key} ${m.family}`).values()) {
    const { key, family, from, to } = own[0] as Met
    const count = membersAt(own, from, to)
    const hours = new Set<number>()
    for (const { first, last } of own)
      for (let h = Math.max(first, from); h <= Math.min(last, to); h++) hours.add(h)
    for (const hour of hours) {
      const band = bandOf((count[hour - from] ?? 0) - 1, population)
      if (band) seen.push({ key, family, hour, band })
    }
  }
  return seen
}

/** Publishes the bands that grew; `population` is the number of other members there are. Answers how many were written. */
export async function publishSeen(tx: Tx, population: number, now: number): Promise<number> {
  const lowest = Math.min(...bands.map(({ from }) => from))
  if (bandOf(lowest, population) === null) {
    await tx.query('delete from source_changes')
    return 0
  }
  const seen = hoursSeen(await wideSources(tx, lowest), population)
  if (seen.length === 0) return 0
  const rank = `case s.band ${bands.map(({ text }) => `when '${text}' then ${rankOf(text)}`).join(' ')} else 0 end`
  const { rowCount } = await tx.query(
    `insert into sector_seen as s (key_id, family_id, hour, band, changed_at)
     select k, f, h, b, to_timestamp($6 / 1000.0) from unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::int[]) as u (k, f, h, b, r)
     where not exists (select 1 from sector_seen s where s.key_id = k and s.family_id = f and s.hour = h and ${rank} >= r)
     on conflict (key_id, family_id, hour) do update set band = excluded.band, changed_at = excluded.changed_at`,
    [
      seen.map((s) => s.key),
      seen.map((s) => s.family),
      seen.map((s) => s.hour),
      seen.map((s) => s.band),
      seen.map((s) => rankOf(s.band)),
      now,
    ],
  )
  return rowCount ?? 0
}
