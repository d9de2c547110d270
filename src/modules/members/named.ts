/** Which organisation of the register somebody means by what they typed. */
import type { Queryable } from '../../platform/database.ts'

export type Named = { id: number; name: string } | 'none' | 'several'

/**
 * By its present name, else by another of its names, or by its number in the register; case and blanks aside. What was
 * merged into another means that one.
 */
export async function organisationNamed(db: Queryable, text: string): Promise<Named> {
  const { rows } = await db.query<{ id: number; name: string; present: boolean }>(
    `select o.id, o.name, bool_or(m.present) as present from (
       select present_id, id, true as present from organisations where lower(name) = lower($1) or id::text = $1
       union all select w.present_id, w.id, false from organisations w join organisation_names n on n.org_id = w.id where lower(n.name) = lower($1)) m
     join organisations o on o.id = coalesce(m.present_id, m.id) group by o.id, o.name`,
    [text.normalize('NFC').replace(/\s+/g, ' ').trim()],
  )
  const present = rows.filter((one) => one.present)
  const found = present.length > 0 ? present : rows
  const [only] = found
  if (!only) return 'none'
  return found.length === 1 ? { id: only.id, name: only.name } : 'several'
}
