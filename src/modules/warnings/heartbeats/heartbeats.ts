/** Heartbeats: made, renewed and ended by coordinators, and the beat itself. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Database, Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { hashToken, newToken } from '../../../platform/sessions.ts'
import { COORDINATORS } from '../../../values/scopes.ts'

export interface WantedHeartbeat {
  name: string
  /** Minutes. */
  interval: number
  grace: number
}

export interface Heartbeat extends WantedHeartbeat {
  id: number
  /** ms since 1970; null: it never came. */
  beatAt: number | null
  /** new: never came; late: within its grace. */
  state: 'new' | 'well' | 'late' | 'missing'
}

export const bounds = { interval: { min: 1, max: 44_640 }, grace: { min: 5, max: 10_080 } } as const
export const longestName = 100
const mostHeartbeats = 200
const minuteMs = 60_000
/** More often is noted no more often: a sender gone mad writes one row a second. */
const noticedMs = 1_000

const order: Heartbeat['state'][] = ['missing', 'late', 'new', 'well']

/** Those that are not ended, what is missing first, else by name; as the actor of the transaction. */
export async function heartbeats(tx: Tx, now: number): Promise<Heartbeat[]> {
  const { rows } = await tx.query<Omit<Heartbeat, 'state'> & Record<string, unknown>>(
    `select id, name, interval_min as interval, grace_min as grace, (extract(epoch from beat_at) * 1000)::float8 as "beatAt"
     from heartbeats where ended_at is null order by name collate "cs-x-icu", id`,
  )
  return rows
    .map(({ id, name, interval, grace, beatAt }) => ({
      ...{ id, name, interval, grace, beatAt },
      state: stateOf({ interval, grace, beatAt }, now),
    }))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

function stateOf(
  { interval, grace, beatAt }: Pick<Heartbeat, 'interval' | 'grace' | 'beatAt'>,
  now: number,
): Heartbeat['state'] {
  if (beatAt === null) return 'new'
  const age = (now - beatAt) / minuteMs
  return age >= interval + grace ? 'missing' : age >= interval ? 'late' : 'well'
}

/** Notes that it lives; false where nothing has this token. One question whatever the token, known or not. */
export async function beat(db: Database, token: string, now: number): Promise<boolean> {
  const { rows } = await db.engine.query<{ known: boolean }>(
    `with beaten as (
       update heartbeats set beat_at = to_timestamp($2 / 1000.0), due_at = to_timestamp($2 / 1000.0) + make_interval(mins => interval_min + grace_min)
       where token_hash = $1 and ended_at is null and coalesce(beat_at <= to_timestamp($3 / 1000.0), true) returning 1)
     select exists (select 1 from heartbeats where token_hash = $1 and ended_at is null) as known`,
    [hashToken(token), now, now - noticedMs],
  )
  return rows[0]?.known ?? false
}

function requireKeeper(by: Actor): void {
  if (!isCoordinator(by)) throw new Forbidden('Heartbeats are kept by the coordinators')
}

const within = (value: number, { min, max }: { min: number; max: number }): boolean =>
  Number.isInteger(value) && value >= min && value <= max

/** Makes one and answers its token, which is kept nowhere. Throws Forbidden, Invalid, WrongState. */
export async function makeHeartbeat(
  tx: Tx,
  wanted: WantedHeartbeat,
  by: Actor,
  now: number,
): Promise<string> {
  requireKeeper(by)
  const name = wanted.name.normalize('NFC').trim()
  const { interval, grace } = wanted
  const fields: Record<string, string> = {
    ...(name === '' || name.length > longestName || /\p{Cc}/u.test(name) ? { name: 'name' } : {}),
    ...(within(interval, bounds.interval) ? {} : { interval: 'interval' }),
    ...(within(grace, bounds.grace) ? {} : { grace: 'grace' }),
  }
  if (Object.keys(fields).length > 0) throw new Invalid('The heartbeat cannot be made so', fields)
  await tx.query(`select pg_advisory_xact_lock(hashtext('heartbeats'))`)
  const { rows: held } = await tx.query<{ n: number }>(
    'select count(*)::int as n from heartbeats where ended_at is null',
  )
  if ((held[0]?.n ?? 0) >= mostHeartbeats)
    throw new WrongState('There are as many heartbeats as there may be')
  const token = newToken()
  const { rows } = await tx.query<{ id: number }>(
    `insert into heartbeats (name, interval_min, grace_min, token_hash, made_by, made_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) returning id`,
    [name, interval, grace, hashToken(token), by.person, now],
  )
  await tell(tx, { verb: 'makeHeartbeat', id: rows[0]?.id ?? 0, detail: { name } }, by, now)
  return token
}

/** A new address in place of the old one, which is dead at once; when it came last stays. Throws Forbidden, NotFound. */
export async function renewHeartbeat(tx: Tx, id: number, by: Actor, now: number): Promise<string> {
  requireKeeper(by)
  const token = newToken()
  const { rowCount } = await tx.query(
    'update heartbeats set token_hash = $2, renewed_at = to_timestamp($3 / 1000.0) where id = $1 and ended_at is null',
    [id, hashToken(token), now],
  )
  if (!rowCount) throw new NotFound('There is no such heartbeat')
  await tell(tx, { verb: 'renewHeartbeat', id, detail: {} }, by, now)
  return token
}

/** Nobody waits for it any more, and its address is dead. Throws Forbidden, NotFound. */
export async function endHeartbeat(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  requireKeeper(by)
  const { rowCount } = await tx.query(
    'update heartbeats set ended_at = to_timestamp($2 / 1000.0) where id = $1 and ended_at is null',
    [id, now],
  )
  if (!rowCount) throw new NotFound('There is no such heartbeat')
  await tell(tx, { verb: 'endHeartbeat', id, detail: {} }, by, now)
}

interface Deed {
  verb: 'makeHeartbeat' | 'renewHeartbeat' | 'endHeartbeat'
  id: number
  detail: object
}

const tell = (tx: Tx, { verb, id, detail }: Deed, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `warnings.${verb}`,
    object: `heartbeat ${id}`,
    detail,
    readers: [COORDINATORS],
  })
