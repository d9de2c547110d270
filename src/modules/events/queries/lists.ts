/** The warning lists in force, as the operator loaded them. */
import type { Tx } from '../../../platform/database.ts'

export interface LoadedList {
  name: string
  group: string
  effect: string
  version: string
  version_on: string | null
  entries: number
  loaded_at: string
}

export async function warningLists(tx: Tx): Promise<LoadedList[]> {
  const { rows } = await tx.query<Omit<LoadedList, 'group' | 'loaded_at'> & { grp: string; loaded_at: Date }>(
    'select name, grp, effect, version, version_on, entries, loaded_at from warning_lists order by grp, name',
  )
  return rows.map(({ grp, loaded_at, ...row }) => ({
    ...row,
    group: grp,
    loaded_at: loaded_at.toISOString(),
  }))
}
