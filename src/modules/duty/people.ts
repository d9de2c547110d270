import type { Tx } from '../../platform/database.ts'

/** Who may be put on duty there, by name; as a keeper reads them, or at `now` (ms) as the program. Null: the coordinators. */
export async function eligible(
  tx: Tx,
  org: number | null,
  now?: number,
): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select p.id, p.name from people p
     where p.disabled_at is null and exists (select 1 from engagements e where e.person_id = p.id
       and e.valid_from <= coalesce($2::timestamptz, (select actor_now())) and e.valid_to > coalesce($2::timestamptz, (select actor_now()))
       and case when $1::int is null then e.role = 'coordinator' else e.org_id = $1 end)
     order by p.name collate "cs-x-icu", p.id`,
    [org, now === undefined ? null : new Date(now).toISOString()],
  )
  return rows
}
