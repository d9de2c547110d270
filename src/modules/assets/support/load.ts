/** A newer table of dates that the operator loads beside the release's own: versioned, each row with its source. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, OPERATORS } from '../../../values/scopes.ts'
import { type SupportTable, tableShape } from './table.ts'

/** Bytes of a table. */
export const mostTableBytes = 8 * 1024 * 1024
const mostFaults = 20

/** Understands a table (JSON, as `content/end-of-support.json`). Throws Invalid; `fields` name the first places that are wrong. */
export function readTable(bytes: Buffer): SupportTable {
  if (bytes.length > mostTableBytes) throw new Invalid('The table is larger than 8 MB.', { file: 'large' })
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Invalid('The table is no JSON in UTF-8.', { file: 'json' })
  }
  const read = tableShape.safeParse(given)
  if (!read.success) {
    const faults = read.error.issues.slice(0, mostFaults)
    throw new Invalid(
      'The table is not as it should be.',
      Object.fromEntries(faults.map((one) => [one.path.join('.') || 'table', one.message])),
    )
  }
  const ids = read.data.rows.map(({ id }) => id)
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice) throw new Invalid('The table names a row twice.', { [twice]: 'twice' })
  return read.data
}

/** Throws WrongState for a version that was loaded before with other content. Answers false where it stands already. */
export async function loadTable(
  tx: Tx,
  given: { bytes: Buffer; fileName: string; table: SupportTable },
  by: Actor,
  now: number,
): Promise<boolean> {
  const { table } = given
  const sha256 = createHash('sha256').update(given.bytes).digest('hex')
  const known = await tx.query<{ sha256: string }>('select sha256 from support_tables where version = $1', [
    table.version,
  ])
  if (known.rows[0]?.sha256 === sha256) return false
  if (known.rows[0]) throw new WrongState(`The version ${table.version} was loaded with other content`)
  await tx.query(
    'insert into support_tables (version, file_name, sha256, rows, loaded_at) values ($1, $2, $3, $4, $5)',
    [table.version, given.fileName.slice(0, 200), sha256, JSON.stringify(table.rows), iso(now)],
  )
  await record(tx, {
    at: now,
    actor: by,
    verb: 'assets.load-support',
    object: `support-table ${table.version}`,
    detail: { file: given.fileName.slice(0, 200), lines: table.rows.length },
    readers: [COORDINATORS, OPERATORS],
  })
  return true
}
