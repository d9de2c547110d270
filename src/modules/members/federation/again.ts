/** A fresh proof of who one is (../fresh.ts), given at the provider by which the session began. */
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { prove, type Session } from '../../../platform/sessions.ts'
import { freshMs } from '../../../platform/strength.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'
import type { From } from '../ways.ts'
import type { Said } from './claims.ts'

/** Whether the provider's word will do: whoever has a second factor proves it with that one, as a password would not do. */
export const mayConfirmThere = ({ ways, hasSecond }: Pick<Session, 'ways' | 'hasSecond'>): boolean =>
  ways.includes('provider-mfa') || (ways.includes('provider') && !hasSecond)

/** The name of the provider by which the session began, or null. */
export async function beganAt(context: Context, { tokenHash }: Session): Promise<string | null> {
  const { rows } = await context.db.engine.query<{ provider: string }>(
    `select l.provider from provider_sessions s join provider_links l on l.id = s.link_id
     where s.token_hash = $1 and l.ended_at is null`,
    [tokenHash],
  )
  return rows[0]?.provider ?? null
}

/** Writes down that it was proved; false when somebody else did, or too weakly, or not just now. */
export async function confirm(
  context: Context,
  session: Session,
  said: Said,
  from: From,
  now: number,
): Promise<boolean> {
  const { actor, tokenHash, hasSecond } = session
  const provedAt = Math.min(now, said.authAt ?? 0)
  if (provedAt + freshMs <= now || (hasSecond && !said.isStrong)) return false
  return asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query(
      'select 1 from provider_links where person_id = $1 and issuer = $2 and subject = $3 and ended_at is null',
      [actor.person, said.issuer, said.subject],
    )
    if (!rowCount) return false
    await prove(tx, tokenHash, provedAt)
    await record(tx, {
      at: now,
      actor,
      verb: 'members.prove-again',
      object: `person ${actor.person}`,
      detail: { way: said.isStrong ? 'provider-mfa' : 'provider', address: from.address },
      readers: [COORDINATORS, personScope(actor.person)],
    })
    return true
  })
}
