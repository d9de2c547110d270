/**
 * Holds the log against everything that was made of it: sums, accounts, episodes, and the received bytes themselves. It
 * looks at one moment of the database, so the program may go on working meanwhile.
 */
import { type Database, type Tx, transaction } from '../../platform/database.ts'
import { loadRegister } from '../members/index.ts'
import { compareEpisodes } from './episode-recount.ts'
import { contentOf, cut, unpack } from './packed.ts'
import { compare, type Hours, purged, recount } from './recount.ts'
import { batchesAfter, eventsOf, type Reread, reread, type StoredBatch } from './reread.ts'
import { every } from './sensors.ts'
import { eventKey, flagBits, keyNumber } from './understand.ts'

export interface Check {
  /** `detections`, `totals`, `days`, `accounts`, `stored`, `batches`, `marks`, `bytes`, `episodes` */
  name: string
  compared: number
  differing: number
  /** At most ten, each a line for a person. */
  examples: string[]
}

export interface Verification {
  ok: boolean
  checks: Check[]
  /** Stored events by what became of them; their sum is the number of events in the log. */
  outcomes: { matched: number; unmatched: number; test: number; exercise: number; archive: number }
  /** Events that wait to be condensed; nothing is said about their sums yet. */
  waiting: number
  /** Days of which events were forgotten after their time: their sums are kept and not compared. */
  purged: string[]
}

export interface VerifyOptions {
  zone: string
  /** Read every event's bytes again too; true unless told. */
  bytes?: boolean
  progress?(step: string, done: number, total: number | null): void
}

const mostExamples = 10
const batchesAtOnce = 20

const check = (name: string, compared: number, differing: number, examples: string[]): Check => ({
  name,
  compared,
  differing,
  examples: examples.slice(0, mostExamples),
})

/** Answers every check with what differs; changes nothing. */
export function verify(db: Database, options: VerifyOptions): Promise<Verification> {
  return transaction(db.engine, async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    const say = options.progress ?? (() => {})
    const { days, hours: without } = await purged(tx, options.zone)
    const hours = await loggedHours(tx)
    const checks: Check[] = []
    const step = async (name: string, work: () => Promise<Check[]>): Promise<void> => {
      say(name, 0, null)
      checks.push(...(await work()))
    }
    await step('sums', () => sums(tx, hours, without))
    await step('days', () => daySums(tx, options.zone, without))
    await step('accounts', () => accounts(tx, days.length > 0))
    await step('batches', () => rowsOfBatches(tx))
    await step('episodes', () => episodes(tx, new Set(without)))
    if (options.bytes !== false) await step('bytes', () => receivedBytes(tx, say))
    return {
      ok: checks.every((one) => one.differing === 0),
      checks,
      outcomes: await outcomes(tx),
      waiting: await waiting(tx),
      purged: days,
    }
  })
}

/** All hours of which the log or the sums say anything. */
export async function loggedHours(tx: Tx): Promise<Hours> {
  const { rows } = await tx.query<Hours & Record<string, unknown>>(
    `select least((select min(hour) from events), (select min(hour) from detections), (select min(hour) from totals)) as first,
       greatest((select max(hour) from events), (select max(hour) from detections), (select max(hour) from totals)) as last`,
  )
  return { first: rows[0]?.first ?? 0, last: rows[0]?.last ?? -1 }
}

async function sums(tx: Tx, hours: Hours, without: number[]): Promise<Check[]> {
  const counted = await recount(tx, hours, without)
  const found: Check[] = []
  for (const name of ['detections', 'totals'] as const) {
    const { differing, examples } = await compare(tx, name, hours, without)
    const lines = examples.map(
      (one) => `${one.where}: ${one.stored ?? 'nothing'} stored, ${one.counted ?? 'nothing'} in the log`,
    )
    found.push(check(name, counted[name], differing, lines))
  }
  return found
}

/** The hourly totals of a day are the day's events, by whatever they are broken down. */
async function daySums(tx: Tx, zone: string, without: number[]): Promise<Check[]> {
  const day = '(to_timestamp(hour * 3600.0) at time zone $1)::date'
  const { rows } = await tx.query<{ day: string; logged: number; told: number[] }>(
    `with logged as (select ${day} as day, count(*)::int as n from events
         where hour <> all ($2::int[]) and batch_id <> all (array(select id from batches where first_serial is null)) group by 1),
       told as (select ${day} as day, dim, sum(events)::int as n from totals where org_id = 0 and dim <= 3 and hour <> all ($2::int[]) group by 1, 2)
     select day, coalesce(l.n, 0) as logged, array_agg(coalesce(t.n, 0) order by t.dim) as told
     from logged l full join told t using (day) group by day, l.n order by day`,
    [zone, without],
  )
  const wrong = rows.filter((row) => row.told.length !== 4 || row.told.some((n) => n !== row.logged))
  return [
    check(
      'days',
      rows.length,
      wrong.length,
      wrong.map((row) => `${row.day}: ${row.logged} events in the log, totals say ${row.told.join(', ')}`),
    ),
  ]
}

/**
 * received = stored + duplicate + refused + deferred in every account, and what accounts call stored lies in batches.
 * With forgotten events only the hours after the oldest kept batch can be compared.
 */
async function accounts(tx: Tx, forgotten: boolean): Promise<Check[]> {
  const { rows: balance } = await tx.query<{ n: number; wrong: number; example: string | null }>(
    `select count(*)::int as n, (count(*) filter (where received <> stored + duplicate + refused + deferred))::int as wrong,
       min(format('sensor %s, hour %s: %s received, %s stored + %s duplicate + %s refused + %s deferred', sensor_id, hour, received, stored,
         duplicate, refused, deferred)) filter (where received <> stored + duplicate + refused + deferred) as example
     from (${everyAccount}) a`,
  )
  const { rows: stored } = await tx.query<{
    sensor_id: number
    hour: number
    said: number
    held: number
    n: number
  }>(
    `with held as (select sensor_id, floor(extract(epoch from received_at) / 3600)::int as hour, sum(n)::int as held from batches group by 1, 2),
       compared as (select sensor_id, hour, coalesce(a.stored, 0)::int as said, coalesce(h.held, 0) as held
         from (${everyAccount}) a full join held h using (sensor_id, hour)
         where not $1 or hour > (select min(hour) from held))
     select (select count(*)::int from compared) as n, c.* from compared c where said <> held order by hour, sensor_id`,
    [forgotten],
  )
  const total = await tx.query<{ n: number }>(`select count(*)::int as n from (${everyAccount}) a`)
  const [first] = balance
  return [
    check('accounts', first?.n ?? 0, first?.wrong ?? 0, first?.example ? [first.example] : []),
    check(
      'stored',
      total.rows[0]?.n ?? 0,
      stored.length,
      stored.map(
        (row) =>
          `sensor ${row.sensor_id}, hour ${row.hour}: ${row.said} in its account, ${row.held} in batches`,
      ),
    ),
  ]
}

/** Accounts with the requests that were not summed into them yet. */
const everyAccount = `
  select sensor_id, hour, sum(received)::int as received, sum(stored)::int as stored, sum(duplicate)::int as duplicate,
    sum(refused)::int as refused, sum(deferred)::int as deferred
  from (select sensor_id, hour, received, stored, duplicate, refused, deferred from loss
    union all
    select sensor_id, floor(extract(epoch from at) / 3600)::int, received, stored, duplicate, refused, deferred from requests) every_one
  group by sensor_id, hour`

/** A batch has as many rows as it says, and an event says rightly whether it concerns anybody. */
async function rowsOfBatches(tx: Tx): Promise<Check[]> {
  const { rows } = await tx.query<{ id: number; n: number; held: number; batches: number }>(
    `with held as (select batch_id, count(*)::int as held from events group by batch_id)
     select (select count(*)::int from batches) as batches, coalesce(b.id, h.batch_id) as id, coalesce(b.n, 0) as n, coalesce(h.held, 0) as held
     from batches b full join held h on h.batch_id = b.id where b.n is distinct from h.held order by 2 limit 1000`,
  )
  const { rows: counted } = await tx.query<{ n: number; events: number }>(
    'select count(*)::int as n, coalesce(sum(n), 0)::int as events from batches',
  )
  const { rows: marks } = await tx.query<{ batch_id: number; idx: number }>(
    `select batch_id, idx from events where matched and not exists (select 1 from matches m where m.batch_id = events.batch_id and m.idx = events.idx)
     union all
     select distinct m.batch_id, m.idx from matches m join events e on e.batch_id = m.batch_id and e.idx = m.idx where not e.matched limit 1000`,
  )
  return [
    check(
      'batches',
      counted[0]?.n ?? 0,
      rows.length,
      rows.map((row) => `batch ${row.id}: ${row.n} events said, ${row.held} rows`),
    ),
    check(
      'marks',
      counted[0]?.events ?? 0,
      marks.length,
      marks.map((row) => `event ${row.batch_id}/${row.idx}: its mark and its matches disagree`),
    ),
  ]
}

async function episodes(tx: Tx, without: ReadonlySet<number>): Promise<Check[]> {
  const examples: string[] = []
  let differing = 0
  const compared = await compareEpisodes(
    tx,
    ({ key, stored, counted }) => {
      differing++
      if (examples.length < mostExamples)
        examples.push(
          `${JSON.stringify(key)}: ${stored || 'nothing'} stored, ${counted || 'nothing'} by the rows`,
        )
    },
    without,
  )
  return [check('episodes', compared, differing, examples)]
}

async function receivedBytes(tx: Tx, say: NonNullable<VerifyOptions['progress']>): Promise<Check[]> {
  const sensors = new Map((await every(tx)).map((one) => [one.id, one]))
  const register = await loadRegister(tx)
  const total = (await tx.query<{ n: number }>('select count(*)::int as n from batches')).rows[0]?.n ?? 0
  const faults: string[] = []
  let [done, compared, differing, after] = [0, 0, 0, 0]
  for (;;) {
    const batches = await batchesAfter(tx, after, null, batchesAtOnce)
    if (batches.length === 0) break
    after = batches.at(-1)?.id ?? after
    const events = await eventsOf(
      tx,
      batches.map((one) => one.id),
    )
    for (const batch of batches) {
      const rows = events.get(batch.id) ?? []
      const wrong = await faultsOf(
        tx,
        batch,
        await reread(batch, rows, sensors.get(batch.sensor_id), register),
      )
      compared += rows.length
      differing += wrong.length
      faults.push(...wrong.slice(0, mostExamples - faults.length))
    }
    done += batches.length
    say('bytes', done, total)
  }
  return [check('bytes', compared, differing, faults)]
}

/** Bytes that give no event, and events whose key is not the one under which they stand. */
async function faultsOf(tx: Tx, batch: StoredBatch, read: Reread[]): Promise<string[]> {
  const whole = read.some((one) => one.event.flags & flagBits.conflict) ? await unpack(batch.raw) : null
  const keys = read.map((one) => keyOf(batch, one, whole))
  const { rows } = await tx.query<{ key: string; idx: number }>(
    'select key::text as key, idx from event_keys where batch_id = $2 and key = any ($1::bigint[])',
    [keys.filter((key) => key !== null), batch.id],
  )
  const held = new Map(rows.map((row) => [row.key, row.idx]))
  return read.flatMap((one, i) => {
    const where = `event ${batch.id}/${one.event.idx}`
    if (one.fault !== null) return [`${where}: ${one.fault}`]
    return held.get(keys[i] ?? '') === one.event.idx
      ? []
      : [`${where}: its id does not stand among the known ones`]
  })
}

function keyOf(batch: StoredBatch, { event, understood }: Reread, whole: Buffer | null): string | null {
  if (!understood) return null
  if (!(event.flags & flagBits.conflict) || !whole) return keyNumber(understood.key)
  const content = contentOf(cut(whole, event.raw_off, event.raw_len))
  return keyNumber(eventKey(batch.sensor_id, understood.derived.id, content))
}

async function outcomes(tx: Tx): Promise<Verification['outcomes']> {
  const { rows } = await tx.query<Verification['outcomes'] & Record<string, unknown>>(
    `select (count(*) filter (where lane = 1))::int as test, (count(*) filter (where lane = 2))::int as exercise,
       (count(*) filter (where lane = 0 and archive))::int as archive, (count(*) filter (where lane = 0 and not archive and matched))::int as matched,
       (count(*) filter (where lane = 0 and not archive and not matched))::int as unmatched
     from events`,
  )
  return rows[0] as Verification['outcomes'] // an aggregate without groups has one row
}

const waiting = async (tx: Tx): Promise<number> =>
  (
    await tx.query<{ n: number }>(
      'select coalesce(sum(n), 0)::int as n from batches where first_serial is null',
    )
  ).rows[0]?.n ?? 0
