/** Which mails a node has taken: claimed some at a time, given up again when the server is away, never held longer than a claim lasts. */
import { createHmac } from 'node:crypto'
import type { Context } from '../../platform/context.ts'
import { asEngine, kept } from '../../platform/database.ts'
import { bounceKey } from './bounces/verp.ts'
import type { Delivery, Mailer } from './post.ts'

/** Longer than a mail can take (`platform/mail.ts`), so a living node never loses its claim. */
const claimMs = 120_000
/** What waited longer in our hands is claimed anew before it is begun. */
const renewMs = 10_000

export interface Claims<B> {
  /** The next mail to hand over; null when nothing is due, or enough was taken. */
  next(): Promise<B | null>
  /** No further mail is handed over; those that were not wait as before. */
  end(): Promise<void>
}

export interface Wanted<B> {
  /** So many are claimed together. */
  atOnce: number
  most: number
  /** What is begun with each as soon as it is claimed, and with what waited long once more. */
  begin: (delivery: Delivery) => B
}

/** Mails by a few; `time` is the clock of this go. */
export function openClaims<B>(
  context: Context,
  mailer: Mailer,
  { atOnce, most, begin }: Wanted<B>,
  time: () => number,
): Claims<B> {
  const waiting: { delivery: Delivery; begun: B; at: number }[] = []
  let left = most
  let isDry = false
  let filling: Promise<void> | null = null

  const fill = async (): Promise<void> => {
    const [at, wanted] = [time(), Math.min(atOnce, left)]
    const claimed = await claim(context, mailer, at, wanted)
    left -= claimed.length
    // It may have been ended while this was asked, and stays so.
    isDry ||= claimed.length < wanted || left === 0
    waiting.push(...claimed.map((delivery) => ({ delivery, begun: begin(delivery), at })))
  }
  const filled = (): Promise<void> => {
    filling ??= fill().finally(() => {
      filling = null
    })
    return filling
  }
  const next = async (): Promise<B | null> => {
    for (;;) {
      const one = waiting.shift()
      // The next are claimed and written while these are handed over; what fails of it does so once more when they are wanted.
      if (one && !isDry && waiting.length < atOnce / 2) filled().catch(() => {})
      if (one && time() - one.at < renewMs) return one.begun
      if (one && (await renewed(context, one.delivery, time()))) return begin(one.delivery)
      if (one) continue
      if (isDry) return null
      await filled()
    }
  }
  const end = async (): Promise<void> => {
    isDry = true
    // What failed there is told to who waits for the next mail; the others are given back all the same.
    await filling?.catch(() => {})
    await giveBack(
      context,
      waiting.splice(0).map(({ delivery }) => delivery),
    )
  }
  return { next, end }
}

interface ClaimedRow extends Omit<Delivery, 'messageId'> {
  messageId: string | null
}

async function claim(context: Context, mailer: Mailer, now: number, wanted: number): Promise<Delivery[]> {
  return asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<ClaimedRow & Record<string, unknown>>(
      // Materialized: a plan that asked it again for each row would claim more than it may.
      kept(`with due as materialized (
         select id from deliveries
         where channel = 'mail' and ((state = 'queued' and due_at <= to_timestamp($1 / 1000.0))
            or (state = 'sending' and claimed_at < to_timestamp($2 / 1000.0)))
         order by rush desc, severity desc nulls first, due_at, id limit $3 for update skip locked)
       update deliveries d set state = 'sending', claimed_at = to_timestamp($1 / 1000.0), attempts = attempts + 1
       from due where d.id = due.id
       returning d.id, kind, topic, person_id as person, org_id as org, address, warning_id as warning, written_id as written, match_id as match, severity, detail,
         (extract(epoch from decided_at) * 1000)::float8 as "decidedAt", attempts, message_id as "messageId", bounce_key as "bounceKey"`),
      [now, now - claimMs, wanted],
    )
    const claimed = rows.map((row) => ({
      ...row,
      messageId: row.messageId ?? messageIdOf(context, mailer, row.id),
      bounceKey: row.bounceKey ?? (mailer.bounces ? bounceKey(context.settings.secret, row.id) : null),
    }))
    const changed = claimed.filter(
      ({ messageId, bounceKey }, i) => messageId !== rows[i]?.messageId || bounceKey !== rows[i]?.bounceKey,
    )
    if (changed.length > 0)
      await tx.query(
        kept(`update deliveries d set message_id = n."messageId", bounce_key = n."bounceKey"
         from jsonb_to_recordset($1::jsonb) as n (id bigint, "messageId" text, "bounceKey" text) where d.id = n.id`),
        [JSON.stringify(changed.map(({ id, messageId, bounceKey }) => ({ id, messageId, bounceKey })))],
      )
    return claimed
  })
}

/** The same at every try; the seal keeps strangers from guessing it, and with it a thread. */
function messageIdOf(context: Context, mailer: Mailer, id: number): string {
  const seal = createHmac('sha256', context.settings.secret)
    .update(`message ${id}`)
    .digest('hex')
    .slice(0, 16)
  return `<hsoc.${id}.${seal}@${mailer.domain}>`
}

/** False: another node has taken it meanwhile. */
async function renewed({ db }: Context, { id, attempts }: Delivery, now: number): Promise<boolean> {
  const { rowCount } = await db.engine.query(
    `update deliveries set claimed_at = to_timestamp($3 / 1000.0) where id = $1 and state = 'sending' and attempts = $2`,
    [id, attempts, now],
  )
  return rowCount === 1
}

/** As if they had not been claimed: a try that was not made counts for nothing. */
async function giveBack({ db }: Context, deliveries: Delivery[]): Promise<void> {
  if (deliveries.length === 0) return
  await db.engine.query(
    `update deliveries d set state = 'queued', attempts = d.attempts - 1
     from jsonb_to_recordset($1::jsonb) as b (id bigint, attempts int)
     where d.id = b.id and d.state = 'sending' and d.attempts = b.attempts`,
    [JSON.stringify(deliveries.map(({ id, attempts }) => ({ id, attempts })))],
  )
}
