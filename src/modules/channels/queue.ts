/**
 * Deciding: whom a message about a warning goes to, and whether it goes at once or waits for the digest.
 * Whatever is decided is a row, so that nothing is left unsaid without a trace.
 */
import type { Tx } from '../../platform/database.ts'
import { dayBounds, dayOf } from '../../platform/dates.ts'
import type { Notice } from './notice.ts'
import { peopleNamed, type Recipient, recipientsOf } from './recipients.ts'
import type { ChosenWay } from './ways/choices.ts'
import { detailOf, queueShort, readersOf } from './ways/queue-short.ts'
import { queueDetected } from './webhooks/queue.ts'

/** Why a message waits for the digest. */
export const holdReasons = ['digest', 'budget', 'six-hours', 'unsubscribed', 'late'] as const
export type HoldReason = (typeof holdReasons)[number]

/** Single warnings below critical that one organisation (or the coordinators) gets a day; the rest waits for the digest. */
export const dailyLimit = 20
const updateEveryMs = 6 * 3_600_000
const [high, critical] = [3, 4]

/**
 * Queues or holds one message for everybody it is meant for, inside the caller's transaction (the program's own).
 * Answers how many rows were decided now; 0 when the topic was said before, or when there is nothing to say (info, unless a person wrote).
 */
export async function queue(tx: Tx, notice: Notice): Promise<number> {
  if (notice.severity < 1 && notice.kind !== 'talk') return 0
  await queueDetected(tx, notice)
  const audience = await recipientsOf(tx, notice)
  if (audience.people.length === 0) return 0
  const spent = await limitIsSpent(tx, notice, audience.unit)
  let decided = 0
  for (const person of audience.people) {
    const hold = person.lost ? null : await holdReason(tx, notice, person, spent)
    decided += await insert(tx, notice, audience.unit, person, hold)
    // What the limit of mails or six hours of quiet hold back is no news for a phone either.
    const short = !notice.quiet && (hold === null || hold === 'digest')
    if (short) decided += await queueShort(tx, notice, audience.unit, person)
  }
  if (decided > 0) await tx.query(`select announce('outbox', '')`)
  return decided
}

/** A message for people by their numbers, which goes at once: a step of an escalation. */
export interface NamedNotice extends Omit<Notice, 'to'> {
  people: number[]
  as: 'member' | 'coordinator'
  /** By which ways. Who can be reached by none of them gets a mail. */
  by: readonly ('mail' | ChosenWay | 'push' | 'phone')[]
}

/** Queues it inside the caller's transaction (the program's own); answers how many of the people can be reached at all. */
export async function queueNamed(tx: Tx, notice: NamedNotice): Promise<number> {
  const unit = notice.as === 'member' ? (notice.org ?? 0) : 0
  let reached = 0
  for (const person of await peopleNamed(tx, notice)) {
    const short = await queueShort(tx, notice, unit, person, notice.by)
    if (notice.by.includes('mail') || short === 0) await insert(tx, notice, unit, person, null)
    if (short > 0 || !person.lost) reached++
  }
  if (reached > 0) await tx.query(`select announce('outbox', '')`)
  return reached
}

/** Takes back what waits of topics that begin so: what it is about is settled. Answers how many. */
export async function takeBack(tx: Tx, topics: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update deliveries set state = 'dropped', reason = 'settled' where state = 'queued' and starts_with(topic, $1)`,
    [topics],
  )
  return rowCount ?? 0
}

async function holdReason(
  tx: Tx,
  notice: Notice,
  to: Recipient,
  limitSpent: boolean,
): Promise<HoldReason | null> {
  if (notice.kind === 'ladder' || notice.kind === 'talk')
    return notice.severity < high && !to.singles ? 'unsubscribed' : null
  if (notice.severity < high) return 'digest'
  if (limitSpent) return 'budget'
  return (await toldLately(tx, notice, to.address)) ? 'six-hours' : null
}

/** Updates of one warning come at most once in six hours unless the severity rises. */
async function toldLately(tx: Tx, notice: Notice, address: string): Promise<boolean> {
  if (notice.kind !== 'update') return false
  const { rowCount } = await tx.query(
    `select 1 from deliveries
     where (warning_id = $1 or match_id = $5) and address = $2 and severity >= $3 and decided_at > to_timestamp($4 / 1000.0)
       and kind in ('new', 'update', 'relapse', 'sensor', 'exercise') and state in ('queued', 'sending', 'sent', 'delivered')
     limit 1`,
    [notice.warning, address, notice.severity, notice.now - updateEveryMs, notice.match ?? null],
  )
  return rowCount !== 0
}

/** Critical warnings, those that escalate and what people write are not counted; an exercise has a limit of its own. */
async function limitIsSpent(tx: Tx, notice: Notice, unit: number): Promise<boolean> {
  if (notice.kind === 'ladder' || notice.kind === 'talk') return false
  if (notice.severity >= critical || notice.severity < high) return false
  // Two findings of the same moment must not both be the twentieth.
  await tx.query(`select pg_advisory_xact_lock(hashtext('mail budget'), $1)`, [unit])
  const { from, to } = dayBounds(dayOf(notice.now))
  const { rows } = await tx.query<{ count: number }>(
    `select count(distinct topic)::int as count from deliveries
     where channel = 'mail' and unit = $1 and decided_at >= to_timestamp($2 / 1000.0) and decided_at < to_timestamp($3 / 1000.0)
       and kind in ('new', 'update', 'relapse', 'sensor', 'exercise') and (kind = 'exercise') = $4
       and severity < $5 and state not in ('held', 'digested') and topic <> $6`,
    [unit, from, to, notice.kind === 'exercise', critical, notice.topic],
  )
  return (rows[0]?.count ?? 0) >= dailyLimit
}

async function insert(
  tx: Tx,
  notice: Omit<Notice, 'to'>,
  unit: number,
  to: Recipient,
  hold: HoldReason | null,
): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, detail, state, reason,
       decided_at, due_at, readers, unit, written_id, match_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11 / 1000.0), to_timestamp($11 / 1000.0), $12, $13, $14, $15)
     on conflict (topic, address) do nothing`,
    [
      notice.kind,
      notice.topic,
      to.person,
      notice.org,
      to.address,
      notice.warning,
      notice.severity,
      detailOf(notice, to),
      to.lost ? 'dropped' : hold ? 'held' : 'queued',
      to.lost ? 'address-lost' : hold,
      notice.now,
      readersOf(notice, unit),
      unit,
      notice.written?.id ?? null,
      notice.match ?? null,
    ],
  )
  return rowCount ?? 0
}
