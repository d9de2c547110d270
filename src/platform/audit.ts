/** The trail of who did what: one line in the transaction of the deed itself, never changed afterwards, but for a person who is erased from it. */
import type { Actor } from './access.ts'
import { kept, type Tx } from './database.ts'

/** Somebody known by number alone who acts for themselves: signs in, or uses a link that was mailed to them. */
export interface Self {
  person: number
}

export interface AuditLine {
  /** ms since 1970 */
  at: number
  /** Null for the program itself, and for whoever came without proving who they are. */
  actor: Actor | Self | null
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
     values (to_timestamp($1 / 1000.0), $2, coalesce($3, (select email from people where id = $2), 'hsoc'), $4, $5, $6, $7, $8)`),
    [
      line.at,
      line.actor?.person ?? null,
      line.actor && 'email' in line.actor ? line.actor.email : null,
      line.verb,
      line.object,
      line.org ?? null,
      line.detail ?? {},
      line.readers,
    ],
  )
}
