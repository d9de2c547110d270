/** What somebody is to each group: where they sit, wait or are invited, which groups are open to them, and which they lead. */
import type { Tx } from '../../platform/database.ts'
import type { DeliveryChoice } from './joining.ts'

export interface OwnSeat {
  org: number
  orgName: string
  way: 'rule' | 'asked' | 'taken' | 'invited' | 'manual'
  /** Milliseconds since 1970; null without an end of its own. */
  endsAt: number | null
  /** The organisation has accepted the rules of sharing; without it nothing past TLP:CLEAR is told. */
  member: boolean
}

export interface Named {
  id: number
  name: string
}

export interface Standing {
  group: number
  seats: OwnSeat[]
  /** Organisations for which a request waits. */
  waiting: (Named & { since: number })[]
  invited: { reason: string; seatUntil: number; expiresAt: number } | null
  /** Organisations for which a seat may be taken or asked for. */
  fits: Named[]
  delivery: DeliveryChoice
  muted: { reason: string } | null
  /** Leads the group; coordinators lead all. */
  leads: boolean
  /** May read who sits there. */
  reads: boolean
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** What the actor of the transaction is to the groups, by their numbers; to one alone with `only`. */
export async function standings(tx: Tx, only?: number): Promise<Map<number, Standing>> {
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    `select g.id as "group",
       coalesce((select json_agg(json_build_object('org', s.org_id, 'orgName', o.name, 'way', s.way, 'member', s.member,
           'endsAt', case when isfinite(s.ends_at) then ${ms('s.ends_at')} end) order by o.name)
         from seats_in_force() s join organisations o on o.id = s.org_id where s.group_id = g.id and s.person_id = actor_person()), '[]') as seats,
       coalesce((select json_agg(json_build_object('id', o.id, 'name', o.name, 'since', ${ms('s.since')}) order by o.name)
         from seats s join organisations o on o.id = s.org_id
         where s.group_id = g.id and s.person_id = actor_person() and s.state = 'asked' and s.ends_at > actor_now()), '[]') as waiting,
       (select json_build_object('reason', i.reason, 'seatUntil', ${ms('i.seat_until')}, 'expiresAt', ${ms('i.expires_at')}) from group_invitations i
         where i.group_id = g.id and lower(i.address) = actor_address() and i.ended_at is null and i.expires_at > actor_now()) as invited,
       coalesce((select json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name) from organisations o
         where o.id = any (actor_orgs()) and g.joining in ('open', 'request') and fits_group(g.id, o.id, g.joining)
           and not exists (select 1 from seats s where s.group_id = g.id and s.org_id = o.id and s.person_id = actor_person()
             and s.state in ('asked', 'held') and s.ends_at > actor_now())), '[]') as fits,
       coalesce((select c.delivery from seat_choices c where c.group_id = g.id and c.person_id = actor_person()), 'each') as delivery,
       (select json_build_object('reason', m.reason) from seat_mutes m
         where m.group_id = g.id and m.person_id = actor_person() and m.ended_at is null) as muted,
       coalesce(moderates(g.id), false) as leads, coalesce(reads_roster(g.id), false) as reads
     from groups g where $1::int is null or g.id = $1`,
    [only ?? null],
  )
  return new Map(rows.map((row) => [row.group, row]))
}
