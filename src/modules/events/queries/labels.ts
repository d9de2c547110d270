/** What public lists said of a source, as of a moment: a later update of a list does not rewrite the past. */
import type { Tx } from '../../../platform/database.ts'
import { dateOfVersion } from '../lists/age.ts'

export interface Label {
  list: string
  group: string
  effect: string
  version: string
  /** Date of the list's version, when the version tells it. */
  version_on: string | null
}

/** Labels by key at `at`. */
export async function labelsOf(tx: Tx, keys: number[], at: Date): Promise<Map<number, Label[]>> {
  if (keys.length === 0) return new Map()
  const { rows } = await tx.query<{
    key_id: number
    list: string
    grp: string
    effect: string
    version: string
  }>(
    // A key is looked up a moment after its first event: its earliest label holds for the time before too.
    `select distinct on (key_id, grp, list) key_id, list, grp, effect, version from key_labels
     where key_id = any ($1) and until > $2 order by key_id, grp, list, since <= $2 desc, since`,
    [keys, at],
  )
  const found = new Map<number, Label[]>()
  for (const row of rows) {
    const label = {
      list: row.list,
      group: row.grp,
      effect: row.effect,
      version: row.version,
      version_on: dateOfVersion(row.version)?.toISOString().slice(0, 10) ?? null,
    }
    found.set(row.key_id, [...(found.get(row.key_id) ?? []), label])
  }
  return found
}
