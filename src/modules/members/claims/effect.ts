/** A claim becomes a record of the register in the transaction that accepts it; every node reads the register anew at once. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import { readersOfOrg } from '../../../values/scopes.ts'
import { at, type Claim, holdersOf, note, openBeside, type Proof } from './claim.ts'
import { noteHolders, relationOf } from './overlaps.ts'

const usualLabel = 'office'

/** Puts a proof beside an open claim. What nobody else holds takes effect with it, the rest waits for a coordinator. */
export async function prove(
  tx: Tx,
  claim: Claim,
  proof: Exclude<Proof, 'coordinator'>,
  by: Actor,
  now: number,
): Promise<'proved' | 'contested'> {
  await tx.query('update claims set proof = $2, proof_at = $3 where id = $1', [claim.id, proof, at(now)])
  // Somebody may have come to hold it since it was claimed.
  const touched = await noteHolders(tx, claim, now)
  await note(tx, 'prove-claim', { claim, detail: { proof, contested: touched.length > 0 } }, by, now)
  if (touched.length > 0) return 'contested'
  await takeEffect(tx, claim, { proof, reason: '' }, by, now)
  return 'proved'
}

/** The record, from this moment on. Throws `WrongState` when the planned end has passed meanwhile, or the organisation left. */
export async function takeEffect(
  tx: Tx,
  claim: Claim,
  how: { proof: Proof; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  if (claim.until !== 'infinity' && Date.parse(claim.until) <= now)
    throw new WrongState('The last day of this claim has passed.')
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [
    claim.org,
  ])
  if (!rowCount) throw new WrongState('This organisation left.')
  await closeOwn(tx, claim, now)
  const record = await addRecord(tx, claim, now)
  await tx.query(
    `update claims set state = 'proved', proof = coalesce(proof, $2), proof_at = coalesce(proof_at, $3), effective_at = $3, network_id = $4, domain_id = $5,
       decided_by = $6, decided_at = $3, reason = $7 where id = $1`,
    [claim.id, how.proof, at(now), record.network, record.domain, by.person || null, how.reason],
  )
  await tx.query(`select announce('register', '')`)
  await tellOthers(tx, claim, now)
}

/** A record of the same that the claimant holds for a shorter time ends where this one begins: nobody holds a thing twice. */
async function closeOwn(tx: Tx, claim: Claim, now: number): Promise<void> {
  const closed = 'closed_at = $3, valid_to = greatest(valid_from, $3::timestamptz)'
  if (claim.kind === 'as')
    await tx.query(
      `update claims set state = 'ended', valid_to = greatest(effective_at, $3::timestamptz) where org_id = $1 and value = $2 and kind = 'as' and state = 'proved'`,
      [claim.org, claim.value, at(now)],
    )
  else if (claim.kind === 'domain')
    await tx.query(
      `update domains set ${closed} where org_id = $1 and domain = $2 and valid_to > $3::timestamptz and valid_to > valid_from`,
      [claim.org, claim.value, at(now)],
    )
  else
    await tx.query(
      `update networks set ${closed} where org_id = $1 and net_from = $2::inet and net_to = $4::inet and valid_to > $3::timestamptz and valid_to > valid_from`,
      [claim.org, claim.from, at(now), claim.to],
    )
}

async function addRecord(
  tx: Tx,
  claim: Claim,
  now: number,
): Promise<{ network: number | null; domain: number | null }> {
  if (claim.kind === 'as') return { network: null, domain: null }
  if (claim.kind === 'domain') {
    const { rows } = await tx.query<{ id: number }>(
      'insert into domains (org_id, domain, valid_from, valid_to) values ($1, $2, $3, $4::timestamptz) returning id',
      [claim.org, claim.value, at(now), claim.until],
    )
    return { network: null, domain: rows[0]?.id ?? null }
  }
  const { rows } = await tx.query<{ id: number }>(
    `insert into networks (org_id, net_from, net_to, text, role, label, visible_to_parent, valid_from, valid_to, claimed_from, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, 'claim', $8) returning id`,
    [
      ...[claim.org, claim.from, claim.to, claim.value, claim.role, usualLabel, claim.shown],
      ...[at(now), claim.until],
    ],
  )
  return { network: rows[0]?.id ?? null, domain: null }
}

/** Open claims of others that now touch a holder more: the new holder sees them at once. */
async function tellOthers(tx: Tx, claim: Claim, now: number): Promise<void> {
  for (const other of await openBeside(tx, claim))
    if (claim.kind !== 'domain' || relationOf(other.value, claim.value) !== null)
      await noteHolders(tx, other, now)
}

/** From now on the claimant knows who the others are: they spoke, or a coordinator decided between them. */
export async function showHolders(tx: Tx, claim: Claim, only: number | null): Promise<void> {
  await tx.query(
    `update claim_holders set readers = (select array_agg(distinct r) from unnest(readers || $3::int) r)
     where claim_id = $1 and ($2::int is null or org_id = $2)`,
    [claim.id, only, readersOfOrg(claim.org)],
  )
}

export const partiesOf = async (tx: Tx, claim: Claim): Promise<number[]> => [
  ...(claim.delegator === null ? [] : [claim.delegator]),
  ...(await holdersOf(tx, claim.id)),
]
