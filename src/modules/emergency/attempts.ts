/** Who was told by which way, and what became of it: for the board, the call list and the protocol. */
import type { Queryable } from '../../platform/database.ts'
import type { PolicyChannel } from '../duty/index.ts'

export interface Attempt {
  id: number
  org: number
  step: number
  round: number
  person: string | null
  channel: PolicyChannel
  address: string
  /** Of the message: queued, sending, sent, delivered, failed, …; null of a call to be made. */
  state: string | null
  reason: string | null
  at: number
  settledAt: number | null
  calledAt: number | null
  calledBy: string | null
}

/** In their order; as the reader may see them. */
export async function attemptsOf(
  tx: Queryable,
  broadcast: number,
  org: number | null = null,
): Promise<Attempt[]> {
  const { rows } = await tx.query<Attempt & Record<string, unknown>>(
    `select a.id, a.org_id as org, a.step, a.round, p.name as person, a.channel, a.address, coalesce(d.state, a.state) as state,
       coalesce(a.reason, d.reason) as reason, extract(epoch from a.at)::float8 * 1000 as at,
       extract(epoch from coalesce(d.delivered_at, d.sent_at, a.settled_at))::float8 * 1000 as "settledAt",
       extract(epoch from a.called_at)::float8 * 1000 as "calledAt", (select c.name from people c where c.id = a.called_by) as "calledBy"
     from rollcall_attempts a left join people p on p.id = a.person_id left join deliveries d on d.id = a.delivery_id
     where a.broadcast_id = $1 and ($2::int is null or a.org_id = $2) order by a.id limit 20000`,
    [broadcast, org],
  )
  return rows
}

export interface ChannelFigures {
  channel: PolicyChannel
  told: number
  arrived: number
  waiting: number
  /** Answers that came by it. */
  used: number
}

/** For each way: how many messages, how many taken or arrived, how many wait, and how many answers came by it. */
export async function channelFigures(tx: Queryable, broadcast: number): Promise<ChannelFigures[]> {
  const { rows } = await tx.query<ChannelFigures & Record<string, unknown>>(
    `select a.channel, count(*)::int as told,
       count(*) filter (where coalesce(d.state, a.state) in ('sent', 'delivered') or a.called_at is not null)::int as arrived,
       count(*) filter (where coalesce(d.state, a.state) in ('queued', 'sending'))::int as waiting,
       (select count(*)::int from rollcall_answers x where x.broadcast_id = $1
         and x.via = case a.channel when 'mail' then 'link' when 'sms' then 'sms' when 'phone' then 'coordinator' end) as used
     from rollcall_attempts a left join deliveries d on d.id = a.delivery_id where a.broadcast_id = $1 group by a.channel order by a.channel`,
    [broadcast],
  )
  return rows
}

/** Whom a call told by text message alone where none go out; null where they do, or none was meant. */
export async function withoutText(tx: Queryable, broadcast: number): Promise<string[] | null> {
  const { rows } = await tx.query<{ who: string; alone: boolean }>(
    `select p.name || ' (' || o.name || ')' as who, not bool_or(a.channel in ('mail', 'push')) as alone
     from rollcall_attempts a left join deliveries d on d.id = a.delivery_id join people p on p.id = a.person_id join organisations o on o.id = a.org_id
     where a.broadcast_id = $1 group by a.person_id, a.org_id, p.name, o.name
     having bool_or(a.channel = 'sms' and d.reason = 'no-provider') order by o.name, p.name`,
    [broadcast],
  )
  return rows.length === 0 ? null : rows.filter(({ alone }) => alone).map(({ who }) => who)
}

/** The pace of text messages: 5 in 5 seconds (channels, limits.ts). */
const smsEachMs = 1_000

/** When the last text message that waits will have gone out, at that pace; null where none waits. */
export async function smsDoneAt(tx: Queryable, now: number): Promise<number | null> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from deliveries where channel = 'sms' and state = 'queued'`,
  )
  const n = rows[0]?.n ?? 0
  return n === 0 ? null : now + n * smsEachMs
}
