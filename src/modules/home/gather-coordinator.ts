/** What needs a coordinator today. */
import { type Actor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { type Queryable, together } from '../../platform/database.ts'
import { brokenKeys, lostAddresses } from '../channels/index.ts'
import {
  countOpen,
  countWarnings,
  listWarnings,
  type ToCall,
  toCall,
  type WaitingForReview,
  type WarningRow,
  waitingForReview,
} from '../warnings/index.ts'
import { type Waiting, waitingOf } from '../warnings/pages.ts'
import { type Decisions, decisionsOf } from './decisions.ts'
import { byUrgency, rankOf } from './urgency.ts'
import { type Watching, watching } from './watching.ts'

/** By way: what failed within seven days, with the last three, and since when the oldest message should have gone (ms since 1970). */
export interface WayFailures {
  channel: string
  failed: number
  oldestQueuedAt: number | null
  last: { address: string; reply: string | null; reason: string | null }[]
}

export interface Messages {
  ways: WayFailures[]
  /** Ways that nothing goes out by, as none is set, and that messages were meant for. */
  unset: string[]
}

export interface CoordinatorToday {
  ages: Waiting[]
  /** The longest waiting first. */
  unanswered: WarningRow[]
  questions: { warning: WarningRow; text: string; at: number; person: string | null }[]
  own: WarningRow[]
  ownTotal: number
  watching: Watching
  messages: Messages
  living: number
  /** Warnings of organisations that have left. */
  unattended: number
  decisions: Decisions
  /** Written warnings that wait for another coordinator; what is overdue first. */
  reviews: WaitingForReview[]
  /** Written warnings with organisations on the call list. */
  calls: ToCall[]
  /** What came to the coordinators and nobody took. */
  climbing: number
  /** Addresses to which nothing can be delivered. */
  lostAddresses: number
  /** Keys for mail encryption that cannot be used. */
  brokenKeys: number
}

const shown = 6

export function gatherCoordinator(context: Context, actor: Actor, now: number): Promise<CoordinatorToday> {
  return asReader(context.db, actor, now, async (tx) => {
    const { pending, told, ...rest } = await together({
      pending: listWarnings(tx, { state: 'living', answer: 'pending', severity: 2 }, null, 500),
      told: livingOf(tx),
      ages: waitingOf(tx, now),
      watching: watching(tx, null, now),
      messages: messagesOf(tx, now),
      living: countWarnings(tx, { state: 'living' }),
      unattended: countWarnings(tx, { state: 'unattended' }),
      decisions: decisionsOf(tx),
      reviews: waitingForReview(tx, now),
      calls: toCall(tx),
      climbing: countOpen(tx),
      lostAddresses: lostAddresses(tx),
      brokenKeys: brokenKeys(tx, now),
    })
    return {
      ...rest,
      ...told,
      unanswered: pending
        .filter((row) => row.org !== null)
        .sort((a, b) => b.severity - a.severity || a.openedAt - b.openedAt)
        .slice(0, shown),
    }
  })
}

async function livingOf(tx: Queryable): Promise<Pick<CoordinatorToday, 'questions' | 'own' | 'ownTotal'>> {
  const living = await listWarnings(tx, { state: 'living' }, null, 500)
  const own = living.filter((row) => row.org === null).sort((a, b) => byUrgency(rankOf(a), rankOf(b)))
  // One that ended by itself may still be asked about.
  const asked = await listWarnings(tx, { asked: true }, null, 500)
  return { questions: await questionsOf(tx, asked), own: own.slice(0, shown), ownTotal: own.length }
}

/** Questions after which no reply was written. */
async function questionsOf(tx: Queryable, asked: WarningRow[]): Promise<CoordinatorToday['questions']> {
  const { rows } = await tx.query<{ id: number; text: string; at: number; person: string | null }>(
    `select distinct on (q.warning_id) q.warning_id as id, q.detail->>'text' as text, extract(epoch from q.at)::float8 * 1000 as at, p.name as person
     from warning_log q left join people p on p.id = q.person_id
     where q.kind = 'question' and q.warning_id = any ($1)
       and not exists (select 1 from warning_log r where r.warning_id = q.warning_id and r.kind = 'reply' and r.id > q.id)
     order by q.warning_id, q.id`,
    [asked.map((row) => row.id)],
  )
  return rows
    .flatMap((row) => {
      const warning = asked.find((one) => one.id === row.id)
      return warning ? [{ warning, text: row.text, at: row.at, person: row.person }] : []
    })
    .sort((a, b) => a.at - b.at)
}

async function messagesOf(tx: Queryable, now: number): Promise<Messages> {
  const { rows } = await tx.query<WayFailures & { unset: number } & Record<string, unknown>>(
    `with lately as (select d.* from deliveries d where d.state = 'failed' and d.decided_at > to_timestamp($1 / 1000.0) - interval '7 days'),
       due as (select channel, min(due_at) as at from deliveries where state in ('queued', 'sending') and due_at < to_timestamp($1 / 1000.0) group by 1)
     select c.channel, (select count(*)::int from lately l where l.channel = c.channel and l.reason is distinct from 'no-provider') as failed,
       (select count(*)::int from lately l where l.channel = c.channel and l.reason = 'no-provider') as unset,
       extract(epoch from (select due.at from due where due.channel = c.channel))::float8 * 1000 as "oldestQueuedAt",
       coalesce((select jsonb_agg(x order by x.at desc) from (select l.address, l.reply, l.reason, l.decided_at as at from lately l
         where l.channel = c.channel and l.reason is distinct from 'no-provider' order by l.decided_at desc, l.id desc limit 3) x), '[]') as last
     from unnest(array['mail', 'sms', 'push', 'webhook']) with ordinality c (channel, no) order by c.no`,
    [now],
  )
  return {
    ways: rows.map(({ channel, failed, oldestQueuedAt, last }) => ({
      channel,
      failed,
      oldestQueuedAt,
      last,
    })),
    unset: rows.filter(({ unset }) => unset > 0).map(({ channel }) => channel),
  }
}
