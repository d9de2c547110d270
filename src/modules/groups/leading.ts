/** Who leads a group that somebody names, for the program's own work. */
import type { Tx } from '../../platform/database.ts'

export interface Leading {
  slug: string
  /** Numbers of its moderators who hold their seat. */
  people: number[]
}

/** By the group's name or the end of its address, case aside; null where no open group is called so. */
export async function leadersOf(tx: Tx, name: string, now: number): Promise<Leading | null> {
  await tx.query(`select set_config('hsoc.now', $1, true)`, [new Date(now).toISOString()])
  const { rows } = await tx.query<Leading & Record<string, unknown>>(
    `select g.slug, array(
       select distinct m.person_id from group_moderators m
       join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
       where m.group_id = g.id and m.ended_at is null) as people
     from groups g where g.closed_at is null and (lower(g.name) = lower($1) or g.slug = lower($1)) order by g.id limit 1`,
    [name.trim()],
  )
  return rows[0] ?? null
}
