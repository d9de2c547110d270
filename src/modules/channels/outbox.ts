/**
 * The outbox: takes due messages, writes each as its reader, hands it over and records what the server said.
 * At least once: a node that dies between the server's "accepted" and our commit leaves its row in `sending`; it is taken
 * again later and goes out with the same Message-ID, so that mail programs show one mail.
 */
import type { Context } from '../../platform/context.ts'
import { asEngine, kept, type Tx, together } from '../../platform/database.ts'
import { Unavailable } from '../../platform/errors.ts'
import { gathered } from '../../platform/gathered.ts'
import { MailFailed } from '../../platform/mail.ts'
import { judge } from './bounces/judge.ts'
import { weigh } from './bounces/standing.ts'
import { type Claims, openClaims } from './claims.ts'
import { write } from './envelope.ts'
import type { Delivery, Mailer } from './post.ts'
import { giveUpMs, nextTry } from './retries.ts'
import { fails, works } from './ways/states.ts'

/** Mails under way at once in one node; each has its own connection. */
const atOnce = 8
/** Claimed and written together: more of them cost less, and wait longer for each other. */
const claimedTogether = 16
/** So that what else the worker does with mails has its turn. */
const inOneGo = 200

/** Hands over what is due; answers how many mails the server took. */
export async function runDue(context: Context, mailer: Mailer, now: number): Promise<number> {
  if (!mailer.transport) return markKept(context, now)
  await setLateAside(context, now)
  const began = context.clock()
  // A slow server makes one go last for minutes: a claim dated back to its beginning would be born old, and taken by another node.
  const time = (): number => now + context.clock() - began
  const begin = (delivery: Delivery): Begun => begun(context, mailer, delivery, time)
  const claims = openClaims(context, mailer, { atOnce: claimedTogether, most: inOneGo, begin }, time)
  const go: Go = { sent: 0, isWell: false, inVain: 0 }
  try {
    const lanes = Array.from({ length: atOnce }, (_, n) => [
      `lane ${n}`,
      lane(context, mailer, claims, go, time),
    ])
    await together(Object.fromEntries(lanes) as Record<string, Promise<void>>)
  } finally {
    await claims.end()
  }
  return go.sent
}

interface Go {
  sent: number
  /** The last mail that was the server's affair was taken. */
  isWell: boolean
  /** How many in a row are to be tried later. */
  inVain: number
}

/** One mail after the other, each as soon as the last is over. */
async function lane(
  context: Context,
  mailer: Mailer,
  claims: Claims<Begun>,
  go: Go,
  time: () => number,
): Promise<void> {
  try {
    // A server that is away is not asked again for every mail that waits.
    while (go.inVain < atOnce) {
      const next = await claims.next()
      if (!next) return
      await mailer.pace()
      const result = await handOver(context, mailer, next, time)
      go.inVain = result === 'later' ? go.inVain + 1 : 0
      if (result === 'later') go.isWell = false
      if (result !== 'sent') continue
      go.sent++
      if (go.isWell) continue
      go.isWell = true
      await works(context.db.engine, 'mail')
      await hurry(context, time())
    }
  } catch (error) {
    await claims.end()
    throw error
  }
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

/** Reasons that say nothing of a message, and that the next one would meet as well. */
const serversFault = new Set(['connection', 'timeout', 'tls', 'sign-in'])

/** A letter that is being written; those claimed together are, so that what they ask of the database is asked once. */
interface Begun {
  delivery: Delivery
  made: ReturnType<typeof write>
  at: number
}

/** What lay longer is written anew: its reader may have answered or left meanwhile. */
const freshMs = 1_000

function begun(context: Context, mailer: Mailer, delivery: Delivery, time: () => number): Begun {
  const at = time()
  const made = write(context, mailer, delivery, at)
  // Whoever hands it over hears of it.
  made.catch(() => {})
  return { delivery, made, at }
}

type Result = 'sent' | 'later' | 'over'

async function handOver(context: Context, mailer: Mailer, next: Begun, time: () => number): Promise<Result> {
  const { delivery } = next
  try {
    const isFresh = time() - next.at < freshMs
    const made = await (isFresh ? next.made : write(context, mailer, delivery, time()))
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
  const ended = { id: delivery.id, attempts: delivery.attempts, ...outcome, at: context.clock() }
  if (outcome.reason !== 'recipient') await note(context.db.engine, ended)
  else
    await asEngine(context.db, async (tx) => {
      if (await note(tx, ended)) await refused(tx, delivery, outcome.reply ?? '', ended.at)
    })
  return outcome.state === 'sent' ? 'sent' : 'over'
}

interface Ended extends Outcome {
  id: number
  attempts: number
  at: number
}

/** Answers of each whether it was still ours. */
const note = gathered(async (db, ended: Ended[]): Promise<boolean[]> => {
  const { rows } = await db.query<{ id: number }>(
    kept(`update deliveries d set state = e.state, reason = e.reason,
       sent_at = case when e.state = 'sent' then to_timestamp(e.at / 1000.0) end, ${forgotten('e.reply')}
     from jsonb_to_recordset($1::jsonb) as e (id bigint, attempts int, state text, reason text, reply text, at float8)
     where d.id = e.id and d.state = 'sending' and d.attempts = e.attempts returning d.id`),
    [JSON.stringify(ended)],
  )
  const done = new Set(rows.map(({ id }) => id))
  return ended.map(({ id }) => done.has(id))
})

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
