/**
 * The ways beside mail: takes what is due within their limits, hands it over once and keeps what became of it. `sending` is
 * committed before the provider is called; what stays there longer than its lease is `unknown` where handing it over again could
 * make two of it, and is never repeated by the same way.
 */
import type { Context } from '../../../platform/context.ts'
import { asEngine, kept, type Tx, together } from '../../../platform/database.ts'
import { gathered } from '../../../platform/gathered.ts'
import { afterQuiet, type Choice } from './choices.ts'
import { toAll, toOne, type Window } from './limits.ts'
import { fails, openness, works } from './states.ts'
import type { Outcome, Outgoing, Way, WayName } from './way.ts'

const leaseMs = 60_000
const [minute, hour] = [60_000, 3_600_000]
/** A short message is for now: an hour later the mail and the page have said it. A machine is told a day long. */
const tooLateMs: Record<WayName, number> = { sms: hour, push: hour, webhook: 26 * hour }
const forPeople = [minute / 2, minute, 2 * minute, 5 * minute, 10 * minute, 10 * minute, 10 * minute]
/** Before the second, third … try; after the last one it is given up. */
const retryMs: Record<WayName, number[]> = {
  sms: forPeople,
  push: forPeople,
  webhook: [minute / 2, 2 * minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour],
}

export interface Claimed {
  id: number
  kind: string
  person: number | null
  org: number | null
  warning: number | null
  written: number | null
  /** Of an advisory that concerns an inventory. */
  match: number | null
  severity: number | null
  address: string
  detail: Record<string, unknown>
  attempts: number
  /** Milliseconds since 1970. */
  decidedAt: number
}

/** `dropped` says why there is nothing to say any more. */
export type Written = Omit<Outgoing, 'id'> | { dropped: string }

/** Makes the text of a delivery, as its reader. */
export type Write = (context: Context, way: Way, delivery: Claimed, now: number) => Promise<Written>

/** Where no limit holds: under way at once in one node. */
const mostAtOnce = 100

/** Answers how many messages providers took. */
export async function runWays(context: Context, ways: Way[], write: Write, now: number): Promise<number> {
  await endWayless(
    context,
    ways.map(({ name }) => name),
    now,
  )
  // A provider that is slow holds up its own way alone.
  const sent = await together(
    Object.fromEntries(ways.map((way) => [way.name, runWay(context, way, write, now)])),
  )
  return Object.values(sent).reduce((sum, n) => sum + n, 0)
}

/** What was queued for a way that is set no more goes nowhere, and says so. */
async function endWayless(context: Context, names: string[], now: number): Promise<void> {
  await context.db.engine.query(
    `update deliveries set state = 'failed', reason = 'no-provider'
     where channel <> 'mail' and channel <> all ($1) and state = 'queued' and due_at <= to_timestamp($2 / 1000.0)`,
    [names, now],
  )
}

async function runWay(context: Context, way: Way, write: Write, now: number): Promise<number> {
  await endStale(context, way, now)
  await keepQuiet(context, way, now)
  const state = await openness(context.db.engine, way.name, now)
  if (state === 'down') return 0
  if (state === 'try' && way.probe) {
    if (!(await way.probe())) return 0
    await works(context.db.engine, way.name)
  }
  const claimed = await asEngine(context.db, (tx) => claim(tx, way, state === 'try' ? 1 : mostAtOnce, now))
  const results = await Promise.all(claimed.map((one) => handOver(context, way, write, one, now)))
  const sent = results.filter((result) => result === 'sent').length
  if (sent > 0) await works(context.db.engine, way.name)
  return sent
}

/** What lay too long is given up; what was being handed over when we died is not known, or goes again. */
async function endStale(context: Context, way: Way, now: number): Promise<void> {
  await context.db.engine.query(
    `update deliveries set state = 'failed', reason = 'late' where channel = $1 and state = 'queued' and due_at < to_timestamp($2 / 1000.0)`,
    [way.name, now - tooLateMs[way.name]],
  )
  await context.db.engine.query(
    `update deliveries set state = $3, reason = 'interrupted', sent_at = case when $3 = 'unknown' then claimed_at end
     where channel = $1 and state = 'sending' and claimed_at < to_timestamp($2 / 1000.0)`,
    [way.name, now - leaseMs, way.repeatable ? 'queued' : 'unknown'],
  )
}

/** The first message of a roll-call to a number does not wait for what else went there. By the few rows of the number: a call has thousands. */
const isFirstOfCall = `d.broadcast_id is not null and not exists (select 1 from deliveries x where x.broadcast_id + 0 = d.broadcast_id
  and x.channel = $1 and x.channel <> 'mail' and x.address = d.address and x.claimed_at is not null)`

/** Who wants quiet at this hour gets what is below high when it is over. */
async function keepQuiet({ db, settings }: Context, { name }: Way, now: number): Promise<void> {
  const { rows } = await db.engine.query<Choice & { id: number; severity: number }>(
    `select d.id, d.severity, c.quiet_from as "quietFrom", c.quiet_to as "quietTo"
     from deliveries d join channel_choices c on c.person_id = d.person_id and c.channel = d.channel and c.quiet_from is not null
     where d.channel = $1 and d.state = 'queued' and d.due_at <= to_timestamp($2 / 1000.0) and d.kind <> 'account' and d.severity < 3`,
    [name, now],
  )
  for (const { id, severity, ...choice } of rows) {
    const due = afterQuiet(choice, severity, now, settings.zone)
    if (due > now)
      await db.engine.query(
        `update deliveries set due_at = to_timestamp($2 / 1000.0), reason = 'quiet-hours' where id = $1 and state = 'queued'`,
        [id, due],
      )
  }
}

const windowOf = ({ name, rate }: Way): Window =>
  rate === undefined ? toAll[name] : { seconds: 1, most: rate ?? Number.POSITIVE_INFINITY }

const perReceiver = (way: Way): string =>
  toOne[way.name]
    .map(
      ({ seconds, most }) =>
        `(select count(*) from deliveries x where x.channel = $1 and x.channel <> 'mail' and x.address = d.address
          and x.claimed_at > to_timestamp($2 / 1000.0) - interval '${seconds} seconds') < ${most}`,
    )
    .join(' and ')

/** One node at a time decides for a way, so that all nodes together keep its limits. */
async function claim(tx: Tx, way: Way, most: number, now: number): Promise<Claimed[]> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hsoc way'), hashtext($1))`, [way.name])
  const window = windowOf(way)
  const { rows: counted } = await tx.query<{ n: number }>(
    `select count(*)::int as n from deliveries where channel = $1 and claimed_at > to_timestamp($2 / 1000.0) - $3 * interval '1 second'`,
    [way.name, now, window.seconds],
  )
  const free = Math.min(most, window.most - (counted[0]?.n ?? 0))
  if (free <= 0) return []
  const { rows } = await tx.query<Claimed & Record<string, unknown>>(
    `update deliveries set state = 'sending', claimed_at = to_timestamp($2 / 1000.0), attempts = attempts + 1
     where id in (
       select id from (
         select distinct on (d.address) d.id, d.rush, d.severity, d.due_at from deliveries d
         where d.channel = $1 and d.state = 'queued' and d.due_at <= to_timestamp($2 / 1000.0) and (${isFirstOfCall} or ${perReceiver(way)})
         order by d.address, d.rush desc, d.severity desc nulls first, d.due_at, d.id) first
       order by rush desc, severity desc nulls first, due_at, id limit $3)
     returning id, kind, person_id as person, org_id as org, warning_id as warning, written_id as written, match_id as match, severity, address, detail, attempts,
       (extract(epoch from decided_at) * 1000)::float8 as "decidedAt"`,
    [way.name, now, free],
  )
  return rows
}

async function handOver(
  context: Context,
  way: Way,
  write: Write,
  delivery: Claimed,
  now: number,
): Promise<Outcome['kind'] | 'dropped'> {
  const written = await write(context, way, delivery, now).catch((error: unknown) => {
    context.log.error({ err: error, delivery: delivery.id }, 'a short message could not be written')
    return null
  })
  if (!written) {
    await again(context, way, delivery, { said: null, reason: 'writing' }, now)
    return 'failed'
  }
  if ('dropped' in written) {
    await close(context, delivery, { state: 'dropped', reason: written.dropped })
    return 'dropped'
  }
  const outcome = await way
    .send({ ...written, id: delivery.id }, delivery.address)
    .catch((error: unknown): Outcome => ({ kind: 'unknown', said: String(error) }))
  await keep(context, way, delivery, outcome, now)
  return outcome.kind
}

async function keep(
  context: Context,
  way: Way,
  delivery: Claimed,
  outcome: Outcome,
  now: number,
): Promise<void> {
  const said = outcome.said.slice(0, 300)
  if (outcome.kind === 'failed' && outcome.about === 'receiver') {
    await again(context, way, delivery, { said, reason: 'receiver-busy' }, now)
    return
  }
  if (outcome.kind === 'failed' && outcome.about !== 'message') {
    await fails(context.db.engine, { channel: way.name, said, cut: outcome.about === 'connection' }, now)
    await again(context, way, delivery, { said, reason: 'channel-down' }, now)
    return
  }
  if (outcome.kind === 'sent')
    await close(context, delivery, { state: 'sent', reply: said, provider: outcome.id })
  else if (outcome.kind === 'failed')
    await close(context, delivery, { state: 'failed', reason: 'provider-refused', reply: said })
  else if (way.repeatable) await again(context, way, delivery, { said, reason: 'interrupted' }, now)
  else await close(context, delivery, { state: 'unknown', reason: 'interrupted', reply: said })
}

async function again(
  context: Context,
  way: Way,
  { id, attempts }: Claimed,
  { said, reason }: { said: string | null; reason: string },
  now: number,
): Promise<void> {
  const wait = retryMs[way.name][attempts - 1]
  await context.db.engine.query(
    `update deliveries set state = $5, reason = $6, reply = $3, due_at = to_timestamp($4 / 1000.0)
     where id = $1 and state = 'sending' and attempts = $2`,
    [id, attempts, said, now + (wait ?? 0), wait === undefined ? 'failed' : 'queued', reason],
  )
}

interface Ending {
  state: 'sent' | 'failed' | 'unknown' | 'dropped'
  reason?: string
  reply?: string
  provider?: string | null
}

interface Ended extends Ending {
  id: number
  attempts: number
  at: number
}

const note = gathered(async (db, ended: Ended[]): Promise<true[]> => {
  await db.query(
    kept(`update deliveries d set state = e.state, reason = e.reason, reply = e.reply, provider_id = e.provider,
       sent_at = case when e.state in ('sent', 'unknown') then to_timestamp(e.at / 1000.0) end
     from jsonb_to_recordset($1::jsonb) as e (id bigint, attempts int, state text, reason text, reply text, provider text, at float8)
     where d.id = e.id and d.state = 'sending' and d.attempts = e.attempts`),
    [JSON.stringify(ended)],
  )
  return ended.map(() => true)
})

const close = ({ db, clock }: Context, { id, attempts }: Claimed, ending: Ending): Promise<true> =>
  note(db.engine, { id, attempts, ...ending, at: clock() })
