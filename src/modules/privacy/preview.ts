/** What erasing a person would do, in numbers of rows, from the same list by which it is done. */
import type { Queryable } from '../../platform/database.ts'
import { run } from './erase.ts'
import { held } from './held.ts'
import type { Held } from './holding.ts'
import type { End } from './record.ts'

export interface Fate {
  table: string
  rows: number
  /** A word of `privacy.erase.<…>`. */
  end: End
}

const going: End[] = ['deleted', 'blanked', 'address']

/** `goes` is deleted or loses what names the person; `stays` is kept, under its number or as it is. */
export async function previewOf(
  tx: Queryable,
  person: { id: number; email: string },
): Promise<{ goes: Fate[]; stays: Fate[] }> {
  const fates: Fate[] = []
  for (const [table, what] of Object.entries(held)) fates.push(...(await fatesIn(tx, table, what, person)))
  return {
    goes: fates.filter(({ end }) => going.includes(end)),
    stays: fates.filter(({ end }) => !going.includes(end)),
  }
}

async function fatesIn(
  tx: Queryable,
  table: string,
  { about, made, erase, says }: Held,
  { id, email }: { id: number; email: string },
): Promise<Fate[]> {
  const count = async (where: string | undefined): Promise<number> => {
    if (!where) return 0
    const { rows } = await run(tx, `select count(*)::int as n from ${table} where ${where}`, [
      id,
      '',
      '',
      email,
    ])
    return Number(rows[0]?.n ?? 0)
  }
  const own = about?.where
  const by = made?.by.map((column) => `"${column}" = $1`).join(' or ')
  const end: End = typeof erase === 'string' ? erase : (says ?? 'blanked')
  // What is deleted or blanked is what is about the person; what it made of others' stays under its number.
  const endOfMade: End = own && going.includes(end) ? 'number' : end
  if (end === endOfMade) return fate(table, end, await count([own, by].filter(Boolean).join(' or ')))
  return [
    ...fate(table, end, await count(own)),
    ...fate(table, endOfMade, await count(by && `(${by}) and not coalesce(${own}, false)`)),
  ]
}

const fate = (table: string, end: End, rows: number): Fate[] => (rows > 0 ? [{ table, rows, end }] : [])
