/** What one account may that the other may not, and that two people decide on: leading the sector, an organisation's people, a group. */
import type { Tx } from '../../../platform/database.ts'

export interface Power {
  power: 'coordinator' | 'operator' | 'representative' | 'delegate' | 'moderator'
  /** Name of the organisation or group; null for what is of the whole sector. */
  place: string | null
}

/** Powers of the one that the other does not have; as the actor of the transaction, who is a coordinator or the program itself. */
export async function powersGoing(tx: Tx, person: number, into: number, now: number): Promise<Power[]> {
  const { rows } = await tx.query<Power & Record<string, unknown>>(
    `select e.role as power, o.name as place, e.org_id from engagements e left join organisations o on o.id = e.org_id
     where e.person_id = $1 and e.role in ('coordinator', 'operator', 'representative') and e.valid_to > $3 and e.source = 'manual'
       and not exists (select 1 from engagements h where h.person_id = $2 and h.org_id is not distinct from e.org_id and h.role = e.role and h.valid_to > $3)
     union all
     select 'delegate', o.name, m.org_id from people_managers m join organisations o on o.id = m.org_id
     where m.person_id = $1 and m.ended_at is null
       and not exists (select 1 from people_managers h where h.person_id = $2 and h.org_id = m.org_id and h.ended_at is null)
     union all
     select 'moderator', g.name, m.org_id from group_moderators m join groups g on g.id = m.group_id
     where m.person_id = $1 and m.ended_at is null
       and not exists (select 1 from group_moderators h where h.person_id = $2 and h.group_id = m.group_id and h.ended_at is null)
     order by 1, 2`,
    [person, into, new Date(now).toISOString()],
  )
  return rows.map(({ power, place }) => ({ power, place }))
}
