/** Names behind the small numbers of rows; what the actor may not know has none. */
import type { Tx } from '../../../platform/database.ts'

/** Names by id. */
async function namesOf(tx: Tx, query: string, ids: Iterable<number>): Promise<Map<number, string>> {
  const list = [...new Set(ids)]
  if (list.length === 0) return new Map()
  const { rows } = await tx.query<{ id: number; name: string }>(query, [list])
  return new Map(rows.map((row) => [row.id, row.name]))
}

export const classNames = (tx: Tx, ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(tx, 'select id, name from classes where id = any ($1)', ids)
export const sensorNames = (tx: Tx, ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(tx, 'select id, name from sensors where id = any ($1)', ids)
export const detectorNames = (tx: Tx, ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(tx, 'select id, name from detectors where id = any ($1)', ids)
export const keyTexts = (tx: Tx, ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(tx, 'select id, text as name from source_keys where id = any ($1)', ids)
export const organisationNames = (tx: Tx, ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(tx, 'select id, name from organisations where id = any ($1)', ids)

/** Ids of a source key by its text (an address may have been met as countable and as not). */
export async function keyIds(tx: Tx, text: string): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    'select id from source_keys where text = $1 and counted = any (array[true, false]) order by id',
    [text],
  )
  return rows.map((row) => row.id)
}

export async function classIds(tx: Tx, name: string): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>('select id from classes where name = $1', [name])
  return rows.map((row) => row.id)
}
