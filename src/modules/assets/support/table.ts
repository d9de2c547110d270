/** Dates of end of support, each with its source: the table that ships with the release, and one that the operator loaded beside it. */
import { z } from 'zod'
import { readContent } from '../../../platform/content.ts'
import type { Tx } from '../../../platform/database.ts'
import type { Day } from '../../../platform/dates.ts'

const name = z.string().trim().min(1).max(200)
const number = z.string().regex(/^\d{1,6}(\.\d{1,6}){0,4}$/)
/** A day, a month or a year, as exactly as the source says. */
const end = z
  .string()
  .regex(/^(19|20|21)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/)
  .refine((text) => text.length < 10 || !Number.isNaN(Date.parse(`${text}T00:00:00Z`)))

const rowShape = z
  .object({
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/),
    vendor: name,
    /** Other spellings of the manufacturer. */
    vendors: z.array(name).max(20).default([]),
    product: name,
    /** Other names of the product. */
    aliases: z.array(name).max(20).default([]),
    /** Which versions are meant; left out where all are. */
    versions: z
      .object({ below: number.optional(), upTo: number.optional(), is: number.optional() })
      .strict()
      .optional(),
    /** When support ended or will end. */
    ends: end.optional(),
    /** Where the source says only that it has ended: the day on which it said so. */
    endedBy: end.optional(),
    source: z.string().trim().min(3).max(500),
    url: z.url({ protocol: /^https?$/ }).max(500),
  })
  .strict()
  .refine((row) => (row.ends === undefined) !== (row.endedBy === undefined), 'one of ends and endedBy')

export const tableShape = z
  .object({ version: z.string().trim().min(1).max(60), rows: z.array(rowShape).min(1).max(20_000) })
  .strict()

export type SupportRow = z.infer<typeof rowShape>
export type SupportTable = z.infer<typeof tableShape>

let shipped: SupportTable | null = null

/** The release's own. */
export function shippedTable(): SupportTable {
  shipped ??= tableShape.parse(readContent('end-of-support.json'))
  return shipped
}

export interface Tables {
  shipped: string
  loaded: { version: string; at: number } | null
  rows: SupportRow[]
}

/** Both together: a loaded row stands for a shipped one of the same id. */
export async function supportTables(tx: Tx): Promise<Tables> {
  const own = shippedTable()
  const { rows } = await tx.query<{ version: string; rows: SupportRow[]; at: number }>(
    'select version, rows, (extract(epoch from loaded_at) * 1000)::float8 as at from support_tables order by id desc limit 1',
  )
  const [loaded] = rows
  if (!loaded) return { shipped: own.version, loaded: null, rows: own.rows }
  const replaced = new Set(loaded.rows.map(({ id }) => id))
  return {
    shipped: own.version,
    loaded: { version: loaded.version, at: loaded.at },
    rows: [...loaded.rows, ...own.rows.filter(({ id }) => !replaced.has(id))],
  }
}

/** The last day of what a source says: of `2017-11` its 30th. */
export function lastDay(end: string): Day {
  if (end.length === 10) return end
  const [year = 0, month = 12] = end.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
