/** Who stops acting for an organisation stops being its contact, in the same transaction. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { note } from './trail.ts'

/** Ends the person's contacts wherever they act in no role any more; answers how many. */
export async function endContactsOf(tx: Tx, person: number, by: Actor | null, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number; org: number }>(
    `select c.id, c.org_id as org from contact_points c where c.person_id = $1 and c.ended_at is null and not exists (
       select 1 from engagements e join people p on p.id = e.person_id
       where e.person_id = $1 and e.org_id = c.org_id and e.valid_to > $2 and p.disabled_at is null)`,
    [person, new Date(now).toISOString()],
  )
  if (rows.length === 0) return 0
  await endPoints(
    tx,
    rows.map(({ id }) => id),
    'left',
    now,
  )
  for (const org of new Set(rows.map((row) => row.org)))
    await note(
      tx,
      'end-contacts',
      { org },
      { person, contacts: rows.filter((row) => row.org === org).length },
      by,
      now,
    )
  return rows.length
}

/** Ends points with their entries and the proofs under way. */
export async function endPoints(
  tx: Tx,
  points: number[],
  why: 'removed' | 'left',
  now: number,
): Promise<void> {
  await tx.query('update contact_points set ended_at = $2, ended_why = $3 where id = any ($1)', [
    points,
    new Date(now).toISOString(),
    why,
  ])
  await tx.query('update contact_entries set ended_at = $2 where point_id = any ($1) and ended_at is null', [
    points,
    new Date(now).toISOString(),
  ])
  await tx.query(
    `update contact_checks set ended_at = $2, outcome = 'changed' where point_id = any ($1) and ended_at is null`,
    [points, new Date(now).toISOString()],
  )
}
