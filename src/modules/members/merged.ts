/** What was merged into an organisation belongs to what is shown of it. */
import type { Queryable } from '../../platform/database.ts'

/** The organisation and all that were merged into it, as far as the reader may see them; itself alone where nothing was. */
export async function withMerged(tx: Queryable, org: number): Promise<number[]> {
  const { rows } = await tx.query<{ ids: number[] }>('select organisation_with_merged($1) as ids', [org])
  return rows[0]?.ids ?? [org]
}
