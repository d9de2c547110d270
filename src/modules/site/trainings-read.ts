/** Trainings as the people of members and coordinators see them. As the actor of the transaction. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'

export interface Training {
  id: number
  title: string
  place: string
  /** Milliseconds since 1970. */
  startsAt: number
  endsAt: number
  cancelled: boolean
  /** People of members may sign up, as long as it has not begun. */
  signUp: boolean
  /** The reader's own places, by organisation. */
  own: { org: number; orgName: string; attended: boolean; withdrawn: boolean }[]
  /** The reader's organisations of which it is noted that somebody was there. */
  orgs: string[]
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** The words that are public now, in the reader's language where there are some. */
const title = `(select v.title from site_versions v where v.page_id = o.page_id and v.publish_at <= (select actor_now())
  and coalesce(v.until_at, 'infinity') > (select actor_now()) order by v.lang = $1 desc limit 1)`

/** Those announced, the nearest first, and then what was; at most 200. */
export async function trainings(tx: Tx, lang: Lang, person: number): Promise<Training[]> {
  const { rows } = await tx.query<Training & Record<string, unknown>>(
    `select o.page_id as id, ${title} as title, o.place, ${ms('o.starts_at')} as "startsAt", ${ms('o.ends_at')} as "endsAt",
       o.cancelled_at is not null as cancelled, o.sign_up as "signUp",
       coalesce((select jsonb_agg(jsonb_build_object('org', p.org_id, 'orgName', n.name, 'attended', p.attended_at is not null, 'withdrawn', p.withdrawn_at is not null) order by n.name)
         from training_places p join organisations n on n.id = p.org_id where p.page_id = o.page_id and p.person_id = $2), '[]') as own,
       array(select n.name from training_places p join organisations n on n.id = p.org_id
         where p.page_id = o.page_id and p.person_id is null and p.org_id = any ((select actor_orgs())::int[]) order by n.name) as orgs
     from site_occasions o where o.kind = 'training' and ${title} is not null
     order by o.ends_at > (select actor_now()) desc, abs(extract(epoch from o.starts_at - (select actor_now()))), o.page_id limit 200`,
    [lang, person],
  )
  return rows
}

export interface Comer {
  id: number
  name: string
  email: string
  org: number
  orgName: string
  attended: boolean
}

export interface Roll {
  training: Training
  /** Who signed up and did not take it back. */
  people: Comer[]
  /** Organisations of which it is noted that somebody was there. */
  orgs: { org: number; name: string }[]
}

/** One training with who comes, for coordinators. Throws NotFound. */
export async function rollOf(tx: Tx, id: number, lang: Lang, person: number): Promise<Roll> {
  const training = (await trainings(tx, lang, person)).find((one) => one.id === id)
  if (!training) throw new NotFound('There is no such training')
  const people = await tx.query<Comer & Record<string, unknown>>(
    `select p.id, h.name, h.email, p.org_id as org, n.name as "orgName", p.attended_at is not null as attended
     from training_places p join people h on h.id = p.person_id join organisations n on n.id = p.org_id
     where p.page_id = $1 and (p.withdrawn_at is null or p.attended_at is not null) order by n.name, h.name, p.id`,
    [id],
  )
  const orgs = await tx.query<{ org: number; name: string }>(
    `select p.org_id as org, n.name from training_places p join organisations n on n.id = p.org_id
     where p.page_id = $1 and p.person_id is null order by n.name`,
    [id],
  )
  return { training, people: people.rows, orgs: orgs.rows }
}
