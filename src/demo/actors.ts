/** Who does what in the demonstration: its people, as they would be signed in. */
import type { Actor } from '../platform/access.ts'
import type { Database } from '../platform/database.ts'
import { NotFound } from '../platform/errors.ts'

/** The person of this address with the roles of that moment. */
export async function actorOf(db: Database, email: string, now: number): Promise<Actor> {
  const { rows } = await db.engine.query<Actor & Record<string, unknown>>(
    `select p.id as person, p.name, p.email, p.language, coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role))
       from engagements e left join organisations o on o.id = e.org_id
       where e.person_id = p.id and e.valid_from <= $2 and e.valid_to > $2), '[]') as engagements
     from people p where lower(p.email) = lower($1)`,
    [email, new Date(now).toISOString()],
  )
  if (!rows[0]) throw new NotFound(`Nobody in the demonstration is ${email}`)
  return rows[0]
}

/** Moves an actor's deeds into the past, at which the roles did not hold yet: verbs take the actor as given. */
export const daysBefore = (now: number, days: number): number => now - days * 86_400_000
