/** The end of everything that somebody had here. */
import type { Tx } from '../../platform/database.ts'
import { endAll } from '../../platform/sessions.ts'

/** Before a person is erased: whose access was taken has no role any more, an open invitation, a delegation and every session are over. */
export async function endEverything(tx: Tx, person: number, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await endAll(tx, person)
  await tx.query(
    `update engagements e set valid_to = greatest(e.valid_from, least($2::timestamptz, p.disabled_at))
     from people p where p.id = e.person_id and e.person_id = $1 and e.valid_to > $2`,
    [person, at],
  )
  await tx.query(
    `update invitations set ended_at = $2, outcome = 'withdrawn' where person_id = $1 and ended_at is null`,
    [person, at],
  )
  await tx.query(`update people_managers set ended_at = $2 where person_id = $1 and ended_at is null`, [
    person,
    at,
  ])
}
