/** For coordinators: which organisations have nobody in a group that is meant for them, and which sit in any group at all. */
import type { Tx } from '../../platform/database.ts'

/**
 * Those that take part and are of the group's kinds, without anybody there; a seat whose holder wants no messages reaches nobody.
 * Seats are gone through once, not for each organisation.
 */
const lacking = `sitting as materialized (select s.group_id, s.org_id, coalesce(c.delivery, 'each') <> 'none' as reached
    from seats_in_force() s left join seat_choices c on c.group_id = s.group_id and c.person_id = s.person_id),
  meant as (select g.id as group_id, o.id as org_id
    from groups g join organisations o on o.status in ('participant', 'signatory') and (g.kinds = '{}' or o.kind = any (g.kinds))
    where g.closed_at is null),
  lacking as (select m.* from meant m left join (select distinct group_id, org_id from sitting where reached) r using (group_id, org_id)
    where r.org_id is null)`

export interface Gaps {
  /** Organisations with nobody there. */
  missing: number
  /** Organisations that the rule is about. */
  all: number
}

/** By the number of each group with a rule. */
export async function gaps(tx: Tx): Promise<Map<number, Gaps>> {
  const { rows } = await tx.query<Gaps & { group: number }>(
    `with ${lacking} select g.id as "group", (select count(*)::int from meant m where m.group_id = g.id) as "all",
       (select count(*)::int from lacking l where l.group_id = g.id) as missing
     from groups g where g.joining = 'rule' and g.closed_at is null`,
  )
  return new Map(rows.map(({ group, ...rest }) => [group, rest]))
}

export interface Uncovered {
  orgId: number
  name: string
  kind: string
  region: string | null
  /** Somebody sits there, but wants no messages. */
  silent: boolean
}

/** In Czech order of names, every one of them. */
export async function uncovered(tx: Tx, group: number): Promise<Uncovered[]> {
  const { rows } = await tx.query<Uncovered & Record<string, unknown>>(
    `with ${lacking} select o.id as "orgId", o.name, o.kind, o.region,
       exists (select 1 from sitting s where s.group_id = l.group_id and s.org_id = o.id) as silent
     from lacking l join organisations o on o.id = l.org_id
     where l.group_id = $1 order by lower(o.name) collate "cs-x-icu", o.id`,
    [group],
  )
  return rows
}

/** How many organisations sit in at least one group: a set of its own, counted from the seats. */
export async function seatedCount(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select count(distinct s.org_id)::int as n from seats_in_force() s',
  )
  return rows[0]?.n ?? 0
}

export interface SeatedOrganisation {
  orgId: number
  name: string
  status: string
  /** People by the number of the group. */
  seats: Record<string, number>
}

/** In Czech order of names, after the organisation `after`; one more than `limit` when others follow. */
export async function seatedOrganisations(
  tx: Tx,
  { q, after, limit }: { q?: string | undefined; after?: number | undefined; limit: number },
): Promise<SeatedOrganisation[]> {
  const name = (alias: string): string => `lower(${alias}.name) collate "cs-x-icu", ${alias}.id`
  const { rows } = await tx.query<SeatedOrganisation & Record<string, unknown>>(
    `select o.id as "orgId", o.name, o.status, json_object_agg(s.group_id, s.n) as seats
     from (select s.org_id, s.group_id, count(distinct s.person_id)::int as n from seats_in_force() s group by s.org_id, s.group_id) s
     join organisations o on o.id = s.org_id
     where ($1::text is null or lower(o.name) like lower($1))
       and ($2::int is null or (${name('o')}) > (select ${name('a')} from organisations a where a.id = $2))
     group by o.id order by ${name('o')} limit $3`,
    [q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null, after ?? null, limit + 1],
  )
  return rows
}
