/** The link that two colleagues let go out: with the password it takes the lost means away and lets its person in. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable } from '../../platform/database.ts'
import { WrongState } from '../../platform/errors.ts'
import { hashToken } from '../../platform/sessions.ts'
import { resetMeans } from './means.ts'
import { servesOnlyOrg } from './recoveries.ts'
import { beginAs, judge, type SignedIn } from './sign-in.ts'
import { release } from './slow-down.ts'
import { byPassword, type From } from './ways.ts'

interface Link {
  id: number
  person: number
  email: string
}

async function openLink(db: Queryable, token: string, now: number): Promise<Link | null> {
  const { rows } = await db.query<Link>(
    `select recoveries.id, person_id as person, p.email from recoveries join people p on p.id = person_id
     where token_hash = $1 and used_at is null and expires_at > $2 and p.disabled_at is null and ${servesOnlyOrg}`,
    [hashToken(token), new Date(now).toISOString()],
  )
  return rows[0] ?? null
}

/** Whether a link still works; opening it changes nothing. */
export const isLink = async (context: Context, token: string, now: number): Promise<boolean> =>
  (await openLink(context.db.engine, token, now)) !== null

/**
 * Uses the link up with the person's password: all their second factors and sessions go, and a new session begins, which
 * reaches as far as a password does. Throws WrongState when the link does not work (any more).
 */
export async function recover(
  context: Context,
  token: string,
  given: { password: string } & From,
  now: number,
): Promise<SignedIn> {
  const over = 'This link was used or its day is over.'
  const link = await openLink(context.db.engine, token, now)
  if (!link) throw new WrongState(over)
  const judged = await judge(context, byPassword, { email: link.email, password: given.password }, given, now)
  if ('refusal' in judged) return judged
  return asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query(
      'update recoveries set used_at = $2 where id = $1 and used_at is null',
      [link.id, new Date(now).toISOString()],
    )
    if (!rowCount) throw new WrongState(over)
    await release(tx, judged.brakes, now)
    await resetMeans(tx, link.person, { person: link.person }, now)
    return beginAs(tx, context, { person: link.person, ways: ['password'], by: 'password', from: given }, now)
  })
}
