/**
 * The outbox: takes due messages, writes each as its reader, hands it over and records what the server said.
 * At least once: a node that dies between the server's "accepted" and our commit leaves its row in `sending`; it is taken
 * again later and goes out with the same Message-ID, so that mail programs show one mail.
 */
import { createHmac } from 'node:crypto'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { Unavailable } from '../../platform/errors.ts'
import { MailFailed } from '../../platform/mail.ts'
import { judge } from './bounces/judge.ts'
import { weigh } from './bounces/standing.ts'
import { bounceKey } from './bounces/verp.ts'
import { write } from './envelope.ts'
import type { Delivery, Mailer } from './post.ts'
import { giveUpMs, nextTry } from './retries.ts'
import { fails, works } from './ways/states.ts'

/** Longer than a mail can take (`platform/mail.ts`), so a living node never loses its claim. */
const claimMs = 120_000
/** Mails under way at once in one node; each has its own connection. */
const atOnce = 8
const batchesInOneGo = 25

/** Hands over what is due; answers how many mails the server took. */
export async function runDue(context: Context, mailer: Mailer, now: number): Promise<number> {
  if (!mailer.transport) return markKept(context, now)
  await setLateAside(context, now)
  const began = context.clock()
  // A slow server makes one go last for minutes: a claim dated back to its beginning would be born old, and taken by another node.
  const time = (): number => now + context.clock() - began
  let sent = 0
  for (let i = 0; i < batchesInOneGo; i++) {
    const claimed = await claim(context, mailer, time())
    const results = await Promise.all(claimed.map((delivery) => handOver(context, mailer, delivery, time)))
    const taken = results.filter((result) => result === 'sent').length
    if (taken > 0) {
      await works(context.db.engine, 'mail')
      await hurry(context, time())
    }
    sent += taken
    // A server that is away is not asked again for every mail that waits.
    if (claimed.length < atOnce || results.every((result) => result === 'later')) break
  }
  return sent
}

/** Without a server the messages stay where they are, and say so. */
async function markKept(context: Context, now: number): Promise<number> {
  await context.db.engine.query(
    `update deliveries set reason = 'no-server'
     where channel = 'mail' and state = 'queued' and due_at <= to_timestamp($1 / 1000.0) and reason is distinct from 'no-server'`,
    [now],
  )
  return 0
}

/** Whoever was erased was told so at an address that is nowhere else any more: it goes with the last try. */
const forgotten = (reply: string): string =>
  [
    ['address', `'person-' || split_part(topic, ':', 2) || '@erased.invalid'`, 'address'],
    ['detail', `'{}'`, 'detail'],
    ['reply', 'null', reply],
  ]
    .map(
      ([column, gone, stays]) =>
        `${column} = case when kind = 'account' and detail->>'template' = 'person-erased' then ${gone} else ${stays} end`,
    )
    .join(', ')

/** What lay a day without a single try (we were down, or had no server) is no news: warnings wait for the digest. */
async function setLateAside(context: Context, now: number): Promise<void> {
  await context.db.engine.query(
    `update deliveries set reason = 'late', state = case when kind = 'account' then 'dropped' else 'held' end, ${forgotten('reply')}
     where channel = 'mail' and state = 'queued' and attempts = 0 and kind <> 'digest' and due_at <= to_timestamp($1 / 1000.0)
       and decided_at < to_timestamp($2 / 1000.0)`,
    [now, now - giveUpMs],
  )
}

interface ClaimedRow extends Omit<Delivery, 'messageId'> {
  messageId: string | null
}

async function claim(context: Context, mailer: Mailer, now: number): Promise<Delivery[]> {
  return asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<ClaimedRow & Record<string, unknown>>(
      `update deliveries set state = 'sending', claimed_at = to_timestamp($1 / 1000.0), attempts = attempts + 1
       where id in (
         select id from deliveries
         where channel = 'mail' and ((state = 'queued' and due_at <= to_timestamp($1 / 1000.0))
            or (state = 'sending' and claimed_at < to_timestamp($2 / 1000.0)))
         order by rush desc, severity desc nulls first, due_at, id limit $3 for update skip locked)
       returning id, kind, topic, person_id as person, org_id as org, address, warning_id as warning, written_id as written, match_id as match, severity, detail,
         (extract(epoch from decided_at) * 1000)::float8 as "decidedAt", attempts, message_id as "messageId", bounce_key as "bounceKey"`,
      [now, now - claimMs, atOnce],
    )
    const claimed: Delivery[] = []
    for (const row of rows) {
      const messageId = row.messageId ?? messageIdOf(context, mailer, row.id)
      const key = row.bounceKey ?? (mailer.bounces ? bounceKey(context.settings.secret, row.id) : null)
      if (!row.messageId || key !== row.bounceKey)
        await tx.query('update deliveries set message_id = $2, bounce_key = $3 where id = $1', [
          row.id,
          messageId,
          key,
        ])
      claimed.push({ ...row, messageId, bounceKey: key })
    }
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

/** Reasons that say nothing of a message, and that the next one would meet as well. */
const serversFault = new Set(['connection', 'timeout', 'tls', 'sign-in'])

type Result = 'sent' | 'later' | 'over'

async function handOver(
  context: Context,
  mailer: Mailer,
  delivery: Delivery,
  time: () => number,
): Promise<Result> {
  try {
    const made = await write(context, mailer, delivery, time())
    if ('dropped' in made) return await finish(context, delivery, { state: 'dropped', reason: made.dropped })
    const reply = (await mailer.transport?.send(made.mail)) ?? ''
    return await finish(context, delivery, { state: 'sent', reason: made.reason, reply })
  } catch (error) {
    return failed(context, delivery, error, time())
  }
}

async function failed(context: Context, delivery: Delivery, error: unknown, now: number): Promise<Result> {
  const mail = error instanceof MailFailed ? error : null
  if (!mail && !(error instanceof Unavailable))
    context.log.error({ err: error, delivery: delivery.id }, 'a mail could not be written')
  const reason = mail?.code ?? 'writing'
  const reply = mail?.message ?? null
  const next = nextTry(delivery, now)
  if ((mail && mail.kind !== 'temporary') || next === null)
    return finish(context, delivery, { state: 'failed', reason, reply })
  if (mail && serversFault.has(mail.code))
    await fails(context.db.engine, { channel: 'mail', said: mail.message, cut: false }, now)
  await context.db.engine.query(
    `update deliveries set state = 'queued', due_at = to_timestamp($3 / 1000.0), reason = $4, reply = $5
     where id = $1 and state = 'sending' and attempts = $2`,
    [delivery.id, delivery.attempts, next, reason, reply],
  )
  return 'later'
}

interface Outcome {
  state: 'sent' | 'failed' | 'dropped'
  reason?: string | null
  reply?: string | null
}

/** Guarded by the number of the try: a node that was away too long must not overwrite what another did since. */
async function finish(context: Context, delivery: Delivery, outcome: Outcome): Promise<Result> {
  const now = context.clock()
  await asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query(
      `update deliveries set state = $3, reason = $4,
         sent_at = case when $3 = 'sent' then to_timestamp($6 / 1000.0) end, ${forgotten('$5')}
       where id = $1 and state = 'sending' and attempts = $2`,
      [delivery.id, delivery.attempts, outcome.state, outcome.reason ?? null, outcome.reply ?? null, now],
    )
    if (rowCount && outcome.reason === 'recipient') await refused(tx, delivery, outcome.reply ?? '', now)
  })
  return outcome.state === 'sent' ? 'sent' : 'over'
}

/** The server would not take the recipient: that says of the address what a returned mail says. */
async function refused(tx: Tx, { id, address }: Delivery, said: string, now: number): Promise<void> {
  const { kind } = judge(null, said)
  if (kind === 'policy') return
  await tx.query('update deliveries set bounced_at = to_timestamp($2 / 1000.0) where id = $1', [id, now])
  await weigh(tx, { delivery: id, address, kind, said }, now)
}

/** The server answers again: what waits only because it did not is due now. */
async function hurry(context: Context, now: number): Promise<void> {
  await context.db.engine.query(
    `update deliveries set due_at = to_timestamp($1 / 1000.0)
     where channel = 'mail' and state = 'queued' and attempts > 0 and reason in ('connection', 'timeout', 'tls', 'sign-in') and due_at > to_timestamp($1 / 1000.0)`,
    [now],
  )
}
