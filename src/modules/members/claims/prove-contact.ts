/** Proof of a range: a code mailed to the contact that the registry names for it, typed in by the claimant. */
import { createHmac, randomInt } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { seal } from '../../../platform/seal.ts'
import { at, type Claim, claimFor, inTurn, note, requireClaimant, requireOpen } from './claim.ts'
import { prove } from './effect.ts'

/** Whoever reads a shared mailbox may do so the next working day. */
const validMs = 3 * 86_400_000
/** Between two mails, and how many in all: the contact did not ask for any. */
const pauseMs = 10 * 60_000
const mostSends = 5
const mostAttempts = 5

/** Without what a voice or a pen makes alike. Ten of them are 49 bits, for five guesses. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
const length = 10

const hashOf = (context: Context, claim: number, code: string): Buffer =>
  createHmac('sha256', context.settings.secret)
    .update(`claim\0${claim}\0${code.toLowerCase().replace(/[^0-9a-z]/g, '')}`)
    .digest()

async function openRange(tx: Tx, id: number, by: Actor): Promise<Claim> {
  const claim = await claimFor(tx, id, by)
  await requireClaimant(tx, by, claim.org)
  requireOpen(claim)
  if (claim.from === null || claim.role !== 'owner')
    throw new Invalid('Only a range is proved by the contact of the registry.', { code: 'noRange' })
  return claim
}

/**
 * Mails a new code; the one before stops working. Throws `Invalid` (no range, the registry names no contact, a mail went out a moment ago,
 * or too many did), `NotFound`, `Forbidden`, `WrongState`.
 */
export async function mailCode(context: Context, id: number, by: Actor, now: number): Promise<void> {
  await asEngine(context.db, async (tx) => {
    const claim = await openRange(tx, id, by)
    const contact = await contactOf(tx, claim)
    if (contact === null)
      throw new Invalid('The registry file names no contact for this range: a coordinator decides.', {
        code: 'noContact',
      })
    const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
    const { rows } = await tx.query<{ sends: number }>(
      `insert into claim_codes as c (claim_id, code_hash, contact, sent_at, expires_at) values ($1, $2, $3, $4, $5)
       on conflict (claim_id) do update set code_hash = excluded.code_hash, contact = excluded.contact, sent_at = excluded.sent_at,
         expires_at = excluded.expires_at, sends = c.sends + 1, attempts = 0
       where c.sent_at <= $6 and c.sends < $7 returning sends`,
      [id, hashOf(context, id, code), contact, at(now), at(now + validMs), at(now - pauseMs), mostSends],
    )
    if (!rows[0])
      throw new Invalid('A code was mailed a moment ago, or too often: wait, or ask a coordinator.', {
        code: 'soon',
      })
    await queue(context, tx, claim, { code, contact, sends: rows[0].sends, by }, now)
    await note(tx, 'mail-claim-code', { claim }, by, now)
  })
}

/** The contact of the smallest range around it that names one. */
async function contactOf(tx: Tx, claim: Claim): Promise<string | null> {
  const { rows } = await tx.query<{ contact: string }>(
    `select contact from registry_entries where net_from <= $1::inet and net_to >= $2::inet and family(net_from) = family($1::inet) and contact is not null
     order by net_from desc, net_to, line limit 1`,
    [claim.from, claim.to],
  )
  return rows[0]?.contact ?? null
}

async function queue(
  context: Context,
  tx: Tx,
  claim: Claim,
  { code, contact, sends, by }: { code: string; contact: string; sends: number; by: Actor },
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
    claim.org,
  ])
  await tx.query('select queue_registry_mail($1, $2, $3, $4, $5)', [
    `claim-code:${claim.id}:${sends}`,
    claim.org,
    contact,
    {
      template: 'claim-code',
      sealed: seal(context.settings.secret, code),
      until: at(now + validMs),
      organisation: rows[0]?.name,
      value: claim.value,
      by: by.name,
    },
    at(now),
  ])
}

/**
 * Judges a code that was typed in. Every try is counted first, also one that fails. `wrong` leaves tries; throws `Invalid` when there
 * is no code in force, or none is left.
 */
export async function proveByCode(
  context: Context,
  id: number,
  given: string,
  by: Actor,
  now: number,
): Promise<{ state: 'proved' | 'contested' } | { state: 'wrong'; left: number }> {
  const counted = await asEngine(context.db, async (tx) => {
    await openRange(tx, id, by)
    const { rows } = await tx.query<{ attempts: number; right: boolean }>(
      `update claim_codes set attempts = attempts + 1 where claim_id = $1 and expires_at > $3 and attempts < $4
       returning attempts, code_hash = $2 as right`,
      [id, hashOf(context, id, given), at(now), mostAttempts],
    )
    return rows[0] ?? null
  })
  if (!counted) throw new Invalid('There is no code in force: have a new one mailed.', { code: 'over' })
  if (!counted.right) return { state: 'wrong', left: mostAttempts - counted.attempts }
  return asEngine(context.db, async (tx) => {
    await inTurn(tx)
    const claim = await openRange(tx, id, by)
    const state = await prove(tx, claim, 'registry', by, now)
    // A code proves once.
    await tx.query('update claim_codes set expires_at = $2 where claim_id = $1', [id, at(now)])
    return { state }
  })
}
