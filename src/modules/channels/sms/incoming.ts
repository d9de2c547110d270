/** What comes back by short message: receipts of what we sent, and what people write to us. */
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import type { Incoming } from './smpp.ts'
import { plain } from './text.ts'

export interface Reply {
  /** E.164, as the provider says; it proves little: numbers can be forged. */
  from: string
  text: string
  /** Whose verified number it is, when it is exactly one person's. */
  person: number | null
}

/** Another module's understanding of a reply: a word for what it took it as, or null when it is none of its own. */
export type Understand = (tx: Tx, reply: Reply, now: number) => Promise<string | null>

const mostText = 1_000
const final: Record<string, 'delivered' | 'failed'> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
}

/** `+420…` of whatever a provider writes: with or without the plus, or with two noughts. */
const numberOf = (from: string): string => {
  const digits = from.replace(/[^\d+]/g, '').replace(/^00/, '+')
  return /^\d{8,15}$/.test(digits) ? `+${digits}` : digits.slice(0, 40)
}

/** Keeps what comes in; those of `understand` are asked in their order, the first that knows takes it. */
export function keepIncoming(context: Context, understand: Understand[]): Incoming {
  return {
    receipt: async (id, state) => {
      const outcome = final[state]
      if (!outcome || id === '') return
      await context.db.engine.query(
        `update deliveries set state = $2, reason = case when $2 = 'failed' then 'receipt-' || lower($3) end,
           delivered_at = case when $2 = 'delivered' then to_timestamp($4 / 1000.0) end
         where channel = 'sms' and lower(provider_id) = lower($1) and state in ('sent', 'unknown')
           and claimed_at > to_timestamp($4 / 1000.0) - interval '7 days'`,
        [id, outcome, state, context.clock()],
      )
    },
    reply: (from, text) =>
      asEngine(context.db, (tx) => takeReply(tx, { from, text }, understand, context.clock())),
  }
}

async function takeReply(
  tx: Tx,
  given: { from: string; text: string },
  understand: Understand[],
  now: number,
): Promise<void> {
  const from = numberOf(given.from)
  const text = given.text.replace(/\0/g, '').slice(0, mostText)
  const { rows } = await tx.query<{ person: number }>(
    `select distinct person_id as person from contact_points
     where channel = 'sms' and value = $1 and ended_at is null and verified_at is not null and person_id is not null limit 2`,
    [from],
  )
  const person = rows.length === 1 ? (rows[0]?.person ?? null) : null
  let taken: string | null = null
  for (const one of understand) taken ??= await one(tx, { from, text: plain(text), person }, now)
  await tx.query(
    `insert into short_replies (channel, sender, text, person_id, taken_as, received_at) values ('sms', $1, $2, $3, $4, to_timestamp($5 / 1000.0))`,
    [from, text, person, taken, now],
  )
}

export interface ShortReply {
  id: number
  sender: string
  text: string
  person: string | null
  takenAs: string | null
  /** Milliseconds since 1970. */
  at: number
}

/** The latest, as the actor of the transaction may read them. */
export async function latestReplies(tx: Tx, most: number): Promise<ShortReply[]> {
  const { rows } = await tx.query<ShortReply & Record<string, unknown>>(
    `select r.id, r.sender, r.text, p.name as person, r.taken_as as "takenAs", (extract(epoch from r.received_at) * 1000)::float8 as at
     from short_replies r left join people p on p.id = r.person_id order by r.received_at desc, r.id desc limit $1`,
    [most],
  )
  return rows
}
