/** The few facts of the explanation that a list shows beside each warning. */
import type { Queryable } from '../../../platform/database.ts'
import type { Explanation } from '../types.ts'

export interface Things {
  /** Own addresses concerned. */
  hosts: string[]
  sources: string[]
  done: Explanation['done']
  sensor: string | null
  explanation: Explanation
}

/** By warning; reads as the actor of the transaction. */
export async function thingsOf(tx: Queryable, ids: number[]): Promise<Map<number, Things>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.query<{ id: number; explanation: Explanation; sensor: string | null }>(
    `select w.id, w.explanation, s.name as sensor from warnings w left join sensors s on s.id = w.sensor_id where w.id = any($1)`,
    [ids],
  )
  return new Map(
    rows.map(({ id, explanation, sensor }) => [
      id,
      {
        hosts: explanation.hosts ?? [],
        sources: explanation.sources ?? [],
        done: explanation.done ?? 'unknown',
        sensor,
        explanation,
      },
    ]),
  )
}
