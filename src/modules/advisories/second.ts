/** Versions that wait for another coordinator: what one writes or takes alone, and files without proof, reach no member before. */
import type { Tx } from '../../platform/database.ts'

export interface Waiting {
  /** The advisory's own while nothing of it was ever shown to members. */
  seq: number
  version: string
  hash: string
  /** Null for what the operator brought as a file. */
  writtenBy: number | null
}

/** Null where none waits, and for readers who do not coordinate. */
export async function waitingOf(tx: Tx, advisory: number): Promise<Waiting | null> {
  const { rows } = await tx.query<Waiting & Record<string, unknown>>(
    `select c.seq, v.version, v.content_hash as hash, c.written_by as "writtenBy"
     from advisory_confirmations c join advisory_versions v on v.advisory_id = c.advisory_id and v.seq = c.seq
     where c.advisory_id = $1 and c.confirmed_at is null`,
    [advisory],
  )
  return rows[0] ?? null
}

/** Whoever writes anew what waits, or takes it, stands for it from now on and does not confirm it. */
export async function keepWaiting(
  tx: Tx,
  { id, seq, isNew }: { id: number; seq: number; isNew: boolean },
  writtenBy: number | null,
  at: string,
): Promise<void> {
  await tx.query(
    isNew
      ? 'insert into advisory_confirmations (advisory_id, seq, written_by, written_at) values ($1, $2, $3, $4)'
      : 'update advisory_confirmations set written_by = $3, written_at = $4 where advisory_id = $1 and seq = $2 and confirmed_at is null',
    [id, seq, writtenBy, at],
  )
}

/** What waited was replaced by what needs no confirmation. As the program. */
export async function confirmedOtherwise(tx: Tx, advisory: number): Promise<void> {
  await tx.query('delete from advisory_confirmations where advisory_id = $1 and confirmed_at is null', [
    advisory,
  ])
}
