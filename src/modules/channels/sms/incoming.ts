/** What comes back by short message: receipts of what we sent, and what people write to us. */
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import { takeReceipt } from './receipts.ts'
import type { Incoming } from './smpp.ts'
import { plain } from './text.ts'

export interface Reply {
  /** E.164, as the provider says; it proves little: numbers can be forged. */
  from: string
  text: string
  /** Whose verified number it is, when it is exactly one person's. */
  person: number | null
}

/**
 * Another module's understanding of a reply: what it took it as, or null when it is none of its own. `not` says why something that
 * looks like an answer is none: others are still asked, and without anybody who knows more a coordinator reads that.
 */
export type Understand = (tx: Tx, reply: Reply, now: number) => Promise<string | { not: string } | null>

const mostText = 1_000

/** `+420…` of whatever a provider writes: with or without the plus, or with two noughts. */
const numberOf = (from: string): string => {
  const digits = from.replace(/[^\d+]/g, '').replace(/^00/, '+')
  return /^\d{8,15}$/.test(digits) ? `+${digits}` : digits.slice(0, 40)
}

/** Keeps what comes in; those of `understand` are asked in their order, the first that knows takes it. */
export function keepIncoming(context: Context, understand: Understand[]): Incoming {
  return {
    receipt: (id, state) => takeReceipt(context, { id, state }),
    reply: (from, text) => keepReply(context, { from, text, id: null }, understand),
  }
}

interface Came {
  from: string
  text: string
  /** The provider's name of it, by which it counts once; null where it has none. */
  id: string | null
}

/** Answers whether it was new. Rejects when it could not be kept: it has to come again. */
export const keepReply = (context: Context, came: Came, understand: Understand[]): Promise<boolean> =>
  asEngine(context.db, (tx) => takeReply(tx, came, understand, context.clock()))

async function takeReply(tx: Tx, given: Came, understand: Understand[], now: number): Promise<boolean> {
  const from = numberOf(given.from)
  const text = given.text.replace(/\0/g, '').slice(0, mostText)
  const { rows } = await tx.query<{ person: number }>(
    `select distinct person_id as person from contact_points
     where channel = 'sms' and value = $1 and ended_at is null and verified_at is not null and person_id is not null limit 2`,
    [from],
  )
  const person = rows.length === 1 ? (rows[0]?.person ?? null) : null
  // Written first: of two that come at once the second waits here, and then is none.
  const { rows: kept } = await tx.query<{ id: number }>(
    `insert into short_replies (channel, sender, text, person_id, provider_id, received_at)
     values ('sms', $1, $2, $3, $4, to_timestamp($5 / 1000.0)) on conflict do nothing returning id`,
    [from, text, person, given.id, now],
  )
  if (!kept[0]) return false
  const { taken, not } = await understood(tx, { from, text: plain(text), person }, understand, now)
  await tx.query('update short_replies set taken_as = $2, why_not = $3 where id = $1', [
    kept[0].id,
    taken,
    not,
  ])
  return true
}

/** The first that knows takes it. */
async function understood(
  tx: Tx,
  reply: Reply,
  understand: Understand[],
  now: number,
): Promise<{ taken: string | null; not: string | null }> {
  let not: string | null = null
  for (const one of understand) {
    const said = await one(tx, reply, now)
    if (typeof said === 'string') return { taken: said, not: null }
    not ??= said?.not ?? null
  }
  return { taken: null, not }
}

export interface ShortReply {
  id: number
  sender: string
  text: string
  person: string | null
  takenAs: string | null
  whyNot: string | null
  /** Who said that it is dealt with. */
  settledBy: string | null
  /** Milliseconds since 1970. */
  at: number
}

/** The latest, as the actor of the transaction may read them; `open`: those that nobody understood and nobody dealt with. */
export async function latestReplies(tx: Tx, most: number, open = false): Promise<ShortReply[]> {
  const { rows } = await tx.query<ShortReply & Record<string, unknown>>(
    `select r.id, r.sender, r.text, p.name as person, r.taken_as as "takenAs", r.why_not as "whyNot", s.name as "settledBy", (extract(epoch from r.received_at) * 1000)::float8 as at
     from short_replies r left join people p on p.id = r.person_id left join people s on s.id = r.settled_by
     where not $2 or (r.taken_as is null and r.settled_at is null) order by r.received_at desc, r.id desc limit $1`,
    [most, open],
  )
  return rows
}

/** A coordinator has dealt with a reply. `WrongState` for one that needs nothing more. */
export async function settleReply(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    `update short_replies set settled_at = to_timestamp($2 / 1000.0), settled_by = $3 where id = $1 and settled_at is null and taken_as is null`,
    [id, now, by.person],
  )
  if (!rowCount) throw new WrongState('The reply is dealt with already')
}
