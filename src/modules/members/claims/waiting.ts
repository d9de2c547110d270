/** Claims that nobody but a coordinator gets on: contested ones, and those that their claimant has no way to prove. */
import type { Tx } from '../../../platform/database.ts'

/** SQL about a claim `c`; `provable` is SQL for whether a registry names a contact for its range, as whoever asks may know it. */
export const waitsForCoordinator = (provable: string): string =>
  `c.state = 'asked' and (c.contested or (c.kind <> 'domain' and c.delegator_id is null and not (${provable})))`

/** How many there are, as the actor of the transaction. */
export async function countWaitingClaims(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from claims c where ${waitsForCoordinator('claim_contact(c.id) is not null')}`,
  )
  return rows[0]?.n ?? 0
}
