/** Mails to a person about their own sign-in: a device that is new, a means that changed. */
import { kept, type Tx } from '../../platform/database.ts'
import { forgottenBefore } from '../../platform/retention.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import type { From } from './ways.ts'

/** Cookies live no longer (400 days, RFC 6265bis); a browser that was away for its period of keeping is new again. */
export const deviceMs = 400 * 86_400_000

/** What happened, for `account-mail.ts` of the channels; the words are theirs. */
type Notice =
  | { template: 'new-device'; agent: string; address: string }
  | { template: 'means-changed'; verb: string }

export async function notify(tx: Tx, person: number, notice: Notice, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await tx.query(`select queue_account_mail($1, id, email, $3, $4) from people where id = $2`, [
    `${notice.template}:${newToken()}`,
    person,
    { ...notice, at },
    at,
  ])
}

/** Remembers the browser of a sign-in; the person hears of one that is not their first and was never seen before. */
export async function noteDevice(tx: Tx, person: number, from: From, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ others: boolean; is_new: boolean }>(
    kept(`with before as (select token_hash from devices where person_id = $1),
       noted as (insert into devices (person_id, token_hash, first_at, seen_at) values ($1, $2, $3, $3)
         on conflict (person_id, token_hash) do update set seen_at = excluded.seen_at)
     select exists (select 1 from before) as others, not exists (select 1 from before where token_hash = $2) as is_new`),
    [person, hashToken(from.device), at],
  )
  if (!rows[0]?.is_new || !rows[0].others) return
  await notify(
    tx,
    person,
    { template: 'new-device', agent: from.agent.slice(0, 300), address: from.address },
    now,
  )
}

/** Forgets browsers that did not come back. */
export async function forgetDevices(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from devices where seen_at < $1', [await forgottenBefore(tx, 'devices', now)])
}
