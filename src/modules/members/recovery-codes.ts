/** Ten codes on paper for the day when the phone is lost: shown once, kept as hashes, each good once. */
import { createHmac, randomInt } from 'node:crypto'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { keyIdOf, secretsOf, type Under } from '../../platform/seal.ts'
import type { Session } from '../../platform/sessions.ts'
import { tell } from './means.ts'

const count = 10
/** Without letters and digits that a pen makes alike. Twelve of them are 59 bits: a plain keyed hash is enough. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
const groups = [4, 4, 4]

const fresh = (): string =>
  groups
    .map((length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''))
    .join('-')

/** However it was copied: capitals, blanks and dashes mean nothing. */
const spelt = (code: string): string => code.toLowerCase().replace(/[^0-9a-z]/g, '')

const hashOf = (secret: string, person: number, code: string): Buffer =>
  createHmac('sha256', secret)
    .update(`recovery\0${person}\0${spelt(code)}`)
    .digest()

/** A new set, which ends the old one; the answer is the only time that the codes are seen. */
export async function makeCodes(context: Context, session: Session, now: number): Promise<string[]> {
  return asEngine(context.db, (tx) => replaceCodes(tx, context, session, now, false))
}

/** The same for somebody's first second factor; null when there are codes already. */
export async function firstCodes(context: Context, session: Session, now: number): Promise<string[] | null> {
  return asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query('select 1 from recovery_codes where person_id = $1 limit 1', [
      session.actor.person,
    ])
    return rowCount ? null : replaceCodes(tx, context, session, now, true)
  })
}

async function replaceCodes(
  tx: Tx,
  context: Context,
  session: Session,
  now: number,
  isPart: boolean,
): Promise<string[]> {
  const { person } = session.actor
  const { secret } = context.settings
  const codes = Array.from({ length: count }, fresh)
  await tx.query('delete from recovery_codes where person_id = $1', [person])
  await tx.query(
    'insert into recovery_codes (person_id, hash, key_id, created_at) select $1, h, $4, $3 from unnest($2::bytea[]) h',
    [person, codes.map((code) => hashOf(secret, person, code)), new Date(now).toISOString(), keyIdOf(secret)],
  )
  await tell(tx, { verb: 'make-codes', person, by: session.actor, isPart }, now)
  return codes
}

/** Whether it is one of the person's unused codes; using it up is part of the answer. */
export async function useCode(
  db: Queryable,
  secrets: Under,
  given: { person: number; code: string },
  now: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update recovery_codes set used_at = $3 where person_id = $1 and hash = any ($2) and used_at is null',
    [
      given.person,
      secretsOf(secrets).map((one) => hashOf(one, given.person, given.code)),
      new Date(now).toISOString(),
    ],
  )
  return rowCount === 1
}
