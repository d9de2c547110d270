/** What a contact point is for, and who may read that. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { seenBy } from './may.ts'
import { purposes, readersOfEntry, type Shown, type Visibility, type Which } from './words.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** The entries of a point become what is shown; those that the actor does not see stay as they are. */
export async function setEntries(
  tx: Tx,
  { org, point }: Which,
  shown: Shown,
  by: Actor,
  now: number,
): Promise<void> {
  for (const purpose of purposes) {
    const visibility = shown[purpose]
    if (visibility === null)
      await tx.query(
        'update contact_entries set ended_at = $3 where point_id = $1 and purpose = $2 and ended_at is null and readers && $4',
        [point, purpose, iso(now), seenBy(by)],
      )
    else
      await tx.query(
        `insert into contact_entries (point_id, org_id, purpose, place, visibility, readers)
         select $1, $2, $3, coalesce(max(place), 0) + 1, $4, '{}' from contact_entries where org_id = $2 and purpose = $3 and ended_at is null
         on conflict (point_id, purpose) where ended_at is null do update set visibility = excluded.visibility
           where contact_entries.readers && $5`,
        [point, org, purpose, visibility, seenBy(by)],
      )
  }
  await setReaders(tx, { org, point })
}

/** Who may read follows from the owner's choice and the person's agreement. */
export async function setReaders(tx: Tx, { org, point }: Which): Promise<void> {
  const { rows } = await tx.query<{
    id: number
    visibility: Visibility
    agreed: boolean
  }>(
    `select e.id, e.visibility, p.person_id is null or p.agreed_at is not null as agreed
     from contact_entries e join contact_points p on p.id = e.point_id where e.point_id = $1 and e.ended_at is null`,
    [point],
  )
  const all = new Set<number>()
  for (const { id, visibility, agreed } of rows) {
    const readers = readersOfEntry(org, visibility, agreed)
    for (const scope of readers) all.add(scope)
    await tx.query('update contact_entries set readers = $2 where id = $1', [id, readers])
  }
  await tx.query('update contact_points set readers = $2 where id = $1', [point, [...all]])
}
