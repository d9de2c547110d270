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

const topicOf = (notice: Notice): string => `${notice.template}:${newToken()}`

export async function notify(tx: Tx, person: number, notice: Notice, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await tx.query(`select queue_account_mail($1, id, email, $3, $4) from people where id = $2`, [
    topicOf(notice),
    person,
    { ...notice, at },
    at,
  ])
}

/** Remembers the browser of a sign-in; the person hears of one that is not their first and was never seen before. */
export async function noteDevice(tx: Tx, person: number, from: From, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  const notice: Notice = { template: 'new-device', agent: from.agent.slice(0, 300), address: from.address }
  // One question, so that a sign-in takes one turn to the database.
  await tx.query(
    kept(`with before as (select token_hash from devices where person_id = $1),
       noted as (insert into devices (person_id, token_hash, first_at, seen_at) values ($1, $2, $3, $3)
         on conflict (person_id, token_hash) do update set seen_at = excluded.seen_at)
     select queue_account_mail($4, id, email, $5, $3) from people where id = $1
       and exists (select 1 from before) and not exists (select 1 from before where token_hash = $2)`),
    [person, hashToken(from.device), at, topicOf(notice), { ...notice, at }],
  )
}

/** Forgets browsers that did not come back. */
export async function forgetDevices(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from devices where seen_at < $1', [await forgottenBefore(tx, 'devices', now)])
}
