/** Which organisation of the register somebody means by what they typed. */
import type { Queryable } from '../../platform/database.ts'

export type Named = { id: number; name: string } | 'none' | 'several'

/** By its present name, else by another of its names, or by its number in the register; case and blanks aside. */
export async function organisationNamed(db: Queryable, text: string): Promise<Named> {
  const { rows } = await db.query<{ id: number; name: string; present: boolean }>(
    `select o.id, o.name, true as present from organisations o where lower(o.name) = lower($1) or o.id::text = $1
     union select o.id, o.name, false from organisations o join organisation_names n on n.org_id = o.id where lower(n.name) = lower($1)`,
    [text.normalize('NFC').replace(/\s+/g, ' ').trim()],
  )
  const present = rows.filter((one) => one.present)
  const found = present.length > 0 ? present : rows
  const [only] = found
  if (!only) return 'none'
  return found.length === 1 ? { id: only.id, name: only.name } : 'several'
}
