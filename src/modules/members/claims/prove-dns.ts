/** Proof of a domain: whoever can write its TXT record holds it. */
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { at, type Claim, claimFor, inTurn, requireClaimant, requireOpen } from './claim.ts'
import { type Asking, type Looked, lookFor } from './dns.ts'
import { prove } from './effect.ts'

/** Between two looks at one domain: name servers keep an answer for minutes anyway. */
const pauseMs = 5_000

/**
 * Looks for the record and keeps what was found. With ours there the claim is proved; `contested` means that a coordinator decides
 * still. No transaction is open while the name servers are asked. Throws `NotFound`, `Forbidden`, `WrongState`, `Invalid` (no domain; asked a moment ago).
 */
export async function proveByDns(
  context: Context,
  id: number,
  by: Actor,
  now: number,
  asking: Asking = { servers: context.settings.dnsServers ?? [] },
): Promise<Looked & { state: 'asked' | 'proved' | 'contested' }> {
  const claim = await asEngine(context.db, (tx) => takeTurn(tx, id, by, now))
  const looked = await lookFor(claim.value, claim.token ?? '', asking)
  return asEngine(context.db, async (tx) => {
    await inTurn(tx)
    const fresh = await claimFor(tx, id, by)
    requireOpen(fresh)
    await tx.query('update claims set checked = $2 where id = $1', [id, looked])
    const state = looked.outcome === 'found' ? await prove(tx, fresh, 'dns', by, now) : 'asked'
    return { ...looked, state }
  })
}

async function takeTurn(tx: Tx, id: number, by: Actor, now: number): Promise<Claim> {
  const claim = await claimFor(tx, id, by)
  await requireClaimant(tx, by, claim.org)
  requireOpen(claim)
  if (claim.kind !== 'domain') throw new Invalid('Only a domain is proved by DNS.', { dns: 'noDomain' })
  const { rowCount } = await tx.query(
    'update claims set checked_at = $2 where id = $1 and (checked_at is null or checked_at <= $3)',
    [id, at(now), at(now - pauseMs)],
  )
  if (!rowCount)
    throw new Invalid('The name servers were asked a moment ago: wait a few seconds.', { dns: 'soonDns' })
  return claim
}
