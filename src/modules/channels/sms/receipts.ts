/** What became of a text message after the provider took it: receipts, by whatever door they come. */
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'

/** The final states of SMPP 3.4 (5.2.28); a receipt of any other says that the message is still on its way. */
const final: Record<string, 'delivered' | 'failed'> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
}

const hour = 3_600_000
/** Messages older than this have no receipts any more. */
const goodFor = `interval '7 days'`
const idPattern = /^[!-~]{1,100}$/

export interface Receipt {
  /** The provider's name of the message, in either case; empty when it says none. */
  id: string
  /** Of SMPP. */
  state: string
  /** Our own number of the message, where the provider says it back. */
  reference?: number | null
}

/**
 * `delivered`, `failed`: the message is so from now on. `waiting`: no final state. `known`: it was final before. `kept`: we know no
 * such message; for an hour it is looked for again, as a receipt may be quicker than the answer to our sending. `unknown`: no message, and no name to keep it by.
 */
export type Taken = 'delivered' | 'failed' | 'waiting' | 'known' | 'kept' | 'unknown'

const settled = `state = $2, reason = case when $2 = 'failed' then 'receipt-' || lower($3) end,
  delivered_at = case when $2 = 'delivered' then to_timestamp($4 / 1000.0) end, sent_at = coalesce(sent_at, to_timestamp($4 / 1000.0))`

export async function takeReceipt(context: Context, { id, state, reference }: Receipt): Promise<Taken> {
  const db = context.db.engine
  const outcome = final[state]
  if (!outcome) return 'waiting'
  const now = context.clock()
  const [what, name] = reference ? ['id = $1', String(reference)] : ['lower(provider_id) = lower($1)', id]
  if (name === '') return 'unknown'
  const lately = `channel = 'sms' and ${what} and claimed_at > to_timestamp($4 / 1000.0) - ${goodFor}`
  const { rowCount } = await db.query(
    `update deliveries set ${settled} where ${lately} and state in (${reference ? `'sending', ` : ''}'sent', 'unknown')`,
    [name, outcome, state, now],
  )
  if (rowCount) return outcome
  const { rowCount: known } = await db.query(
    `select 1 from deliveries where ${lately.replaceAll('$4', '$2')} limit 1`,
    [name, now],
  )
  if (known) return 'known'
  if (!idPattern.test(id)) return 'unknown'
  await db.query(
    `insert into short_receipts (provider_id, state, received_at) values (lower($1), $2, to_timestamp($3 / 1000.0)) on conflict do nothing`,
    [id, state, now],
  )
  return 'kept'
}

/** Receipts that came before we had written down the provider's name of their message. */
export async function settleReceipts(db: Queryable, now: number): Promise<void> {
  await db.query(
    `with due as (
       delete from short_receipts r using deliveries d
       where d.channel = 'sms' and lower(d.provider_id) = r.provider_id and d.claimed_at > to_timestamp($1 / 1000.0) - ${goodFor}
       returning d.id, r.state, r.received_at)
     update deliveries d set state = case due.state when 'DELIVRD' then 'delivered' else 'failed' end,
       reason = case when due.state <> 'DELIVRD' then 'receipt-' || lower(due.state) end,
       delivered_at = case when due.state = 'DELIVRD' then due.received_at end
     from due where d.id = due.id and d.state in ('sent', 'unknown')`,
    [now],
  )
}

/** Of messages that are not ours. */
export async function forgetReceipts(db: Queryable, now: number): Promise<void> {
  await db.query('delete from short_receipts where received_at < to_timestamp($1 / 1000.0)', [now - hour])
}
