import type { Tx } from '../../../platform/database.ts'

/**
 * How many networks and domains an organisation holds, and how many of its claims wait: as the actor of the transaction and at its
 * moment; in the program's own hand at the database's.
 */
export async function claimsStanding(tx: Tx, orgId: number): Promise<{ held: number; open: number }> {
  const moment = '(select coalesce(actor_now(), now()))'
  const inForce = `org_id = $1 and valid_from <= ${moment} and valid_to > ${moment}`
  const { rows } = await tx.query<{ held: number; open: number }>(
    `select ((select count(*) from networks where ${inForce}) + (select count(*) from domains where ${inForce}))::int as held,
       (select count(*)::int from claims where org_id = $1 and state = 'asked') as open`,
    [orgId],
  )
  return rows[0] ?? { held: 0, open: 0 }
}
