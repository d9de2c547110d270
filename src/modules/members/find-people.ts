/** People found by a part of their name or address, or by their organisation's names. Rows come as the actor may see them. */
import type { Role } from '../../platform/access.ts'
import { kept, type Tx } from '../../platform/database.ts'
import { bare } from './members.ts'

export interface FoundPerson {
  id: number
  name: string
  email: string
  /** What the person is where, in Czech order of the organisations; null is the coordinators' own place. */
  roles: { org: number | null; name: string | null; role: Role }[]
}

export interface Sought {
  /** Part of a name, of an address or of a name that the organisation bears or bore; case and accents aside. */
  q: string
  /** Id of the person before the page. */
  after?: number
  limit?: number
}

const longest = 200
const inForce = 'e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())'
const byName = 'p.name collate "cs-x-icu", p.id'

/** What is looked for; PostgreSQL takes no NUL. */
const plain = (q: string): string => q.replaceAll('\0', '').trim().slice(0, longest)

/** What patterns mean by a sign is meant as that sign. */
const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** People with access alone; `$1` is the pattern. An organisation is found by the names of what was merged into it, too. */
const found = `p.disabled_at is null and (p.sought like (select folded($1)) or p.id in (
  select e.person_id from engagements e where ${inForce} and e.org_id in (
    select coalesce(o.present_id, o.id) from organisations o where ${bare('o.name')} like (select ${bare('$1')})
    union select coalesce(o.present_id, o.id) from organisation_names n join organisations o on o.id = n.org_id
      where ${bare('n.name')} like (select ${bare('$1')}))))`

/** In Czech order of names; at most `limit` (50) after `after`. Nobody when nothing is looked for. */
export async function findPeople(tx: Tx, { q, after, limit = 50 }: Sought): Promise<FoundPerson[]> {
  const text = plain(q)
  if (text === '') return []
  const { rows } = await tx.query<FoundPerson & Record<string, unknown>>(
    kept(`select p.id, p.name, p.email, array(select distinct e.org_id from engagements e where e.person_id = p.id and ${inForce} and e.org_id is not null) as org_ids,
       coalesce((select json_agg(json_build_object('org', e.org_id, 'name', o.name, 'role', e.role) order by o.name collate "cs-x-icu", e.role)
         from engagements e left join organisations o on o.id = e.org_id where e.person_id = p.id and ${inForce}), '[]') as roles
     from (select p.id, p.name, p.email from people p where ${found}
         ${after ? `and (${byName}) > (select ${byName} from people p where p.id = $3)` : ''}
       order by ${byName} limit $2) p
     order by ${byName}`),
    [patternOf(text), limit, ...(after ? [after] : [])],
  )
  return rows
}

/** How many people are found in all. */
export async function countPeople(tx: Tx, q: string): Promise<number> {
  const text = plain(q)
  if (text === '') return 0
  const { rows } = await tx.query<{ n: number }>(
    kept(`select count(*)::int as n from people p where ${found}`),
    [patternOf(text)],
  )
  return rows[0]?.n ?? 0
}
