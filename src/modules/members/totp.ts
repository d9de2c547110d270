/** Codes of an authenticator app (RFC 6238): setting one up, and judging a code. */
import { Secret, TOTP } from 'otpauth'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { Invalid, WrongState } from '../../platform/errors.ts'
import { seal, type Under, unseal } from '../../platform/seal.ts'
import type { Session } from '../../platform/sessions.ts'
import { forgetNeedlessCodes, requireAnother, tell } from './means.ts'
import { strengthen } from './sign-in.ts'
import type { From } from './ways.ts'

const stepMs = 30_000
/** One step to either side for clocks that differ (RFC 6238 5.2). */
const drift = 1
/** RFC 4226 4: at least 128 bits, 160 are recommended. */
const secretBytes = 20
/** A secret on a screen that somebody left open opens nothing later. */
const pendingMs = 3_600_000

/** What is checked against when there is nothing to check against, so that it costs the same. */
const decoy = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer: 'hSOC', label, secret: Secret.fromBase32(secret), period: stepMs / 1_000, digits: 6 })

/** The time step that a code belongs to, or null when it fits none near `now`. */
function stepOf(secret: string, code: string, now: number): number | null {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totpOf(secret).validate({ token, timestamp: now, window: drift })
  return delta === null ? null : Math.floor(now / stepMs) + delta
}

/** Whether the code is the person's of about now and was not taken before; taking it is part of the answer. */
export async function takeCode(
  db: Queryable,
  secrets: Under,
  given: { person: number; code: string },
  now: number,
): Promise<boolean> {
  const { rows } = await db.query<{ sealed: string | null }>('select sealed from totp where person_id = $1', [
    given.person,
  ])
  const shared = rows[0]?.sealed ? unseal(secrets, rows[0].sealed) : null
  const step = stepOf(shared ?? decoy, given.code, now)
  if (shared === null || step === null) return false
  // Two requests with one code at the same moment: only one of them changes the row.
  const taken = await db.query(
    'update totp set last_step = $2 where person_id = $1 and coalesce(last_step, -1) < $2',
    [given.person, step],
  )
  return taken.rowCount === 1
}

/** Begins to set up an app, beginning anew what was not finished; the one set up before stays good until a code confirms the new one. */
export async function beginTotp(context: Context, session: Session, now: number): Promise<void> {
  const secret = new Secret({ size: secretBytes }).base32
  await asEngine(context.db, (tx) =>
    tx.query(
      `insert into totp (person_id, pending_sealed, pending_at) values ($1, $2, $3)
       on conflict (person_id) do update set pending_sealed = excluded.pending_sealed, pending_at = excluded.pending_at`,
      [session.actor.person, seal(context.settings.secret, secret), new Date(now).toISOString()],
    ),
  )
}

async function pendingSecret(tx: Tx, context: Context, person: number, now: number): Promise<string | null> {
  const { rows } = await tx.query<{ sealed: string }>(
    'select pending_sealed as sealed from totp where person_id = $1 and pending_at > $2 for update',
    [person, new Date(now - pendingMs).toISOString()],
  )
  return rows[0] ? unseal(context.settings, rows[0].sealed) : null
}

/** What the app needs: the secret as text and as an address for a QR code; null when nothing is being set up. */
export async function pendingTotp(
  context: Context,
  session: Session,
  now: number,
): Promise<{ secret: string; uri: string } | null> {
  const { person, email } = session.actor
  const secret = await asEngine(context.db, (tx) => pendingSecret(tx, context, person, now))
  if (secret === null) return null
  const host = new URL(context.settings.baseUrl).hostname
  return { secret, uri: totpOf(secret, `${email} (${host})`).toString() }
}

/**
 * The first code: the app is set up, and the session is as strong as that. Answers the new token of the session. Throws
 * Invalid when the code does not fit (what was begun stays), WrongState when nothing is being set up.
 */
export async function confirmTotp(
  context: Context,
  session: Session,
  given: { code: string } & From,
  now: number,
): Promise<string> {
  const { person } = session.actor
  return asEngine(context.db, async (tx) => {
    const secret = await pendingSecret(tx, context, person, now)
    if (secret === null) throw new WrongState('Begin setting up the app again: the hour for it is over.')
    const step = stepOf(secret, given.code, now)
    if (step === null) throw new Invalid('The code does not fit.', { code: 'code' })
    await tx.query(
      `update totp set sealed = pending_sealed, confirmed_at = $2, last_step = $3, pending_sealed = null, pending_at = null
       where person_id = $1`,
      [person, new Date(now).toISOString(), step],
    )
    await tell(tx, { verb: 'add-totp', person, by: session.actor }, now)
    return strengthen(tx, session, 'totp', given, now)
  })
}

/** Throws WrongState when there is none, or it is the last second factor of somebody who must have one. */
export async function removeTotp(context: Context, session: Session, now: number): Promise<void> {
  const { person } = session.actor
  await asEngine(context.db, async (tx) => {
    await requireAnother(tx, context.settings, session.actor)
    const { rowCount } = await tx.query(
      'delete from totp where person_id = $1 and confirmed_at is not null',
      [person],
    )
    if (!rowCount) throw new WrongState('No app is set up.')
    await forgetNeedlessCodes(tx, person)
    await tell(tx, { verb: 'remove-totp', person, by: session.actor }, now)
  })
}
