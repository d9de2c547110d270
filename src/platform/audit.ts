/** The trail of who did what: one line in the transaction of the deed itself, never changed afterwards, but for a person who is erased from it. */
import type { Actor } from './access.ts'
import { kept, type Tx } from './database.ts'

export interface AuditLine {
  /** ms since 1970 */
  at: number
  /** Null for the program itself. */
  actor: Actor | null
  /** `module.verb`: `warnings.answer` */
  verb: string
  /** What it was done to: `warning 12`. */
  object: string
  org?: number | null
  detail?: object
  /** Scopes that may read the line (src/values/scopes.ts). */
  readers: number[]
}

export async function record(tx: Tx, line: AuditLine): Promise<void> {
  await tx.query(
    kept(`insert into audit (at, person_id, actor, verb, object, org_id, detail, readers)
     values (to_timestamp($1 / 1000.0), $2, $3, $4, $5, $6, $7, $8)`),
    [
      line.at,
      line.actor?.person ?? null,
      line.actor?.email ?? 'hsoc',
      line.verb,
      line.object,
      line.org ?? null,
      line.detail ?? {},
      line.readers,
    ],
  )
}
