/** Roll-calls about a warning, which the module above makes (emergency): where to answer them and how they stand. */
import type { Queryable } from '../../../platform/database.ts'

export interface CallOfWarning {
  id: number
  /** In its class and year. */
  number: string
  running: boolean
}

/** The newest first, as the reader may see them. */
export async function callsAbout(tx: Queryable, written: number): Promise<CallOfWarning[]> {
  const { rows } = await tx.query<CallOfWarning & Record<string, unknown>>(
    `select b.id, b.number, b.state in ('approved', 'sending', 'open') as running from broadcasts b
     where b.written_id = $1 and b.state <> 'draft' order by b.released_at desc, b.id desc limit 20`,
    [written],
  )
  return rows
}
