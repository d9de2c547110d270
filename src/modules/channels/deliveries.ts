/** The log of deliveries as coordinators read it: decided, queued, handed over with the server's reply, failed, held. */
import type { Database, Queryable } from '../../platform/database.ts'
import type { Cursor } from '../../platform/paging.ts'
import { forgottenBefore } from '../../platform/retention.ts'

export const states = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'unknown',
  'held',
  'digested',
  'dropped',
] as const
export type State = (typeof states)[number]
export const kinds = [
  'new',
  'update',
  'relapse',
  'ladder',
  'talk',
  'sensor',
  'digest',
  'exercise',
  'account',
  'revoked',
  'rollcall',
  'answer',
] as const
export type Kind = (typeof kinds)[number]

export const channels = ['mail', 'sms', 'push', 'webhook'] as const
export type Channel = (typeof channels)[number]

export interface DeliveryRow {
  id: number
  kind: Kind
  channel: Channel
  person: string | null
  org: string | null
  address: string
  warning: number | null
  written: number | null
  number: string | null
  severity: number | null
  state: State
  reason: string | null
  reply: string | null
  messageId: string | null
  attempts: number
  decidedAt: number
  dueAt: number
  sentAt: number | null
}

export interface DeliveryFilters {
  state?: State | undefined
  kind?: Kind | undefined
  org?: number | undefined
  warning?: number | undefined
  /** Part of an address, or a warning's number. */
  text?: string | undefined
}

const conditions = `
  ($1::text is null or d.state = $1) and ($2::text is null or d.kind = $2) and ($3::int is null or d.org_id = any ((select organisation_with_merged($3))::int[]))
  and ($4::bigint is null or d.warning_id = $4)
  and ($5::text is null or strpos(lower(d.address), lower($5)) > 0 or strpos(lower(coalesce(w.number, r.number)), lower($5)) > 0)`

const given = (f: DeliveryFilters): unknown[] => [
  f.state ?? null,
  f.kind ?? null,
  f.org ?? null,
  f.warning ?? null,
  f.text || null,
]

/** Newest first; as the actor of the transaction. */
export async function listDeliveries(
  tx: Queryable,
  filters: DeliveryFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const { rows } = await tx.query<DeliveryRow & Record<string, unknown>>(
    `select d.id, d.kind, d.channel, p.name as person, o.name as org, d.org_id, d.address, d.warning_id as warning, d.written_id as written, coalesce(w.number, r.number) as number, d.severity, d.state,
       d.reason, d.reply, d.message_id as "messageId", d.attempts, (extract(epoch from d.decided_at) * 1000)::float8 as "decidedAt",
       (extract(epoch from d.due_at) * 1000)::float8 as "dueAt", (extract(epoch from d.sent_at) * 1000)::float8 as "sentAt"
     from deliveries d left join people p on p.id = d.person_id left join organisations o on o.id = d.org_id
       left join warnings w on w.id = d.warning_id left join written_warnings r on r.id = d.written_id
     where ${conditions} and ($6::float8 is null or (d.decided_at, d.id) < (to_timestamp($6::float8 / 1000), $7))
     order by d.decided_at desc, d.id desc limit $8`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  return rows
}

/**
 * Notes that the actor of the transaction opened the page of a warning, machine-made or written: on each message about it that went out to this
 * person and was not opened before. Milliseconds since 1970.
 */
export async function markOpened(
  tx: Queryable,
  kind: 'warning' | 'written',
  id: number,
  now: number,
): Promise<void> {
  await tx.query(
    `update deliveries set opened_at = to_timestamp($2 / 1000.0)
     where ${kind}_id = $1 and person_id = actor_person() and opened_at is null and state in ('sent', 'delivered', 'digested')`,
    [id, now],
  )
}

/** How many rows the same filters find. */
export async function countDeliveries(tx: Queryable, filters: DeliveryFilters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*) as n from deliveries d left join warnings w on w.id = d.warning_id left join written_warnings r on r.id = d.written_id where ${conditions}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

/**
 * Forgets messages past their period; what still waits to go out is not touched, and neither is who had a written warning that is out
 * still: it may have to be called back. A digest is never older than what it lists.
 */
export async function forgetDeliveries(db: Database, now: number): Promise<void> {
  const before = await forgottenBefore(db.engine, 'deliveries', now)
  await db.engine.query('delete from deliveries where id in (select deliveries_past($1))', [before])
  await db.engine.query('delete from short_replies where received_at < $1', [before])
}
