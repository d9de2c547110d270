/** A warning's own story, one line a step. */
import type { Tx } from '../../platform/database.ts'
import type { LogKind } from './types.ts'

export async function log(
  tx: Tx,
  warning: number,
  kind: LogKind,
  now: number,
  person: number | null,
  detail: object = {},
  /** Scopes that may read the line; left out: whoever sees the warning. */
  readers: number[] | null = null,
): Promise<void> {
  await tx.query(
    'insert into warning_log (warning_id, at, kind, person_id, detail, readers) values ($1, to_timestamp($2 / 1000.0), $3, $4, $5, $6)',
    [warning, now, kind, person, detail, readers],
  )
}
