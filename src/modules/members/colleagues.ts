/** The people of one organisation as its managing page shows them; as the actor of the transaction. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { MemberRole } from './may.ts'

export interface Colleague {
  id: number
  name: string
  email: string
  roles: MemberRole[]
  /** Those of the roles that a provider's group gave, with the provider's name in the operator's file. */
  byProvider: { role: MemberRole; provider: string }[]
  /** Manages people by delegation. */
  delegate: boolean
  /** Since when the person acts for the organisation; milliseconds since 1970. */
  since: number
  /** Open warnings taken on. */
  assigned: number
}

const inForce = 'e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())'

/** In Czech order of names. */
export async function colleagues(tx: Tx, org: number): Promise<Colleague[]> {
  const { rows } = await tx.query<Colleague & Record<string, unknown>>(
    `select p.id, e.org_id, p.name, p.email, array_agg(distinct e.role order by e.role) as roles,
       coalesce((select jsonb_agg(jsonb_build_object('role', r.role, 'provider', r.provider) order by r.role, r.provider)
         from roles_by_provider($1) r where r.person_id = p.id), '[]') as "byProvider",
       (extract(epoch from min(e.valid_from)) * 1000)::float8 as since,
       exists (select 1 from people_managers m where m.org_id = e.org_id and m.person_id = p.id and m.ended_at is null) as delegate,
       (select count(*) from warnings w where w.org_id = e.org_id and w.assignee_id = p.id and w.state <> 'closed') as assigned
     from engagements e join people p on p.id = e.person_id
     where e.org_id = $1 and ${inForce} and p.disabled_at is null
     group by p.id, e.org_id order by p.name collate "cs-x-icu", p.id`,
    [org],
  )
  return rows
}

/** One of them. Throws `NotFound`, also for somebody who acts only elsewhere. */
export async function colleague(tx: Tx, org: number, person: number): Promise<Colleague> {
  const found = (await colleagues(tx, org)).find(({ id }) => id === person)
  if (!found) throw new NotFound('This person does not act for the organisation')
  return found
}

/** Its name. Throws `NotFound` to whoever may not see it. */
export async function nameOf(tx: Tx, org: number): Promise<string> {
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [org])
  if (!rows[0]) throw new NotFound('There is no such organisation')
  return rows[0].name
}
