/** A forgotten password: a link by mail, good once and for an hour. */
import { record, type Self } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { WrongState } from '../../platform/errors.ts'
import { seal } from '../../platform/seal.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import { requireStrength, setPassword } from './people.ts'
import { forgive, reserve, resetBrakes } from './slow-down.ts'

const validMs = 3_600_000

/**
 * Mails a link to the person of that address, if there is one who was not disabled. Answers the same, and does the same writing,
 * for any address; asked too often it does nothing.
 */
export async function requestReset(
  context: Context,
  given: { email: string; address: string },
  now: number,
): Promise<void> {
  const email = given.email.replaceAll('\0', '').trim().slice(0, 300)
  const token = newToken()
  const sealed = seal(context.settings.secret, token)
  await asEngine(context.db, async (tx) => {
    const wait = await reserve(tx, resetBrakes(context.settings.secret, email, given.address), now)
    if (wait > 0) return
    const person = await personOf(tx, email)
    if (!person) return
    const until = new Date(now + validMs).toISOString()
    const hash = hashToken(token)
    await tx.query(
      'insert into password_resets (token_hash, person_id, created_at, expires_at) values ($1, $2, $3, $4)',
      [hash, person.id, new Date(now).toISOString(), until],
    )
    await tx.query('select queue_account_mail($1, $2, $3, $4, $5)', [
      `reset:${hash.toString('hex')}`,
      person.id,
      person.email,
      { template: 'password-reset', sealed, until },
      new Date(now).toISOString(),
    ])
    await trail(tx, 'members.ask-reset', person.id, null, { address: given.address }, now)
  })
}

async function personOf(tx: Tx, email: string): Promise<{ id: number; email: string } | undefined> {
  const { rows } = await tx.query<{ id: number; email: string }>(
    'select id, email from people where lower(email) = lower($1) and disabled_at is null',
    [email],
  )
  return rows[0]
}

const over = 'This link was used or its hour is over. Ask for a new one.'

async function openReset(
  tx: Tx,
  token: string,
  now: number,
): Promise<{ person: number; email: string } | null> {
  const { rows } = await tx.query<{ person: number; email: string }>(
    `select r.person_id as person, p.email from password_resets r join people p on p.id = r.person_id
     where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and p.disabled_at is null for update of r`,
    [hashToken(token), new Date(now).toISOString()],
  )
  return rows[0] ?? null
}

/** Whether a link still works; opening it changes nothing. */
export const isOpen = (context: Context, token: string, now: number): Promise<boolean> =>
  asEngine(context.db, async (tx) => (await openReset(tx, token, now)) !== null)

/**
 * Sets the new password by a link, which is used up with all other links of the person; every session ends. Throws
 * WrongState when the link does not work (any more), Invalid when the password is too weak (the link stays good).
 */
export async function reset(context: Context, token: string, password: string, now: number): Promise<void> {
  await asEngine(context.db, async (tx) => {
    const found = await openReset(tx, token, now)
    if (!found) throw new WrongState(over)
    requireStrength(password, found.email)
    await tx.query('update password_resets set used_at = $2 where person_id = $1 and used_at is null', [
      found.person,
      new Date(now).toISOString(),
    ])
    await setPassword(tx, found.person, password, { person: found.person }, now)
    await forgive(tx, context.settings.secret, found.email)
    await trail(tx, 'members.use-reset', found.person, { person: found.person }, {}, now)
  })
}

/** Whoever asks for a link has not proved who they are; whoever uses one has. */
async function trail(
  tx: Tx,
  verb: string,
  person: number,
  by: Self | null,
  detail: object,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${person}`,
    detail,
    readers: [COORDINATORS, personScope(person)],
  })
}
