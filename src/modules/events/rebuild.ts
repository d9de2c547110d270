/**
 * Makes everything that is derived anew from the received bytes: what each event means and whom it concerns (with the
 * register as of its time), the hourly sums, the episodes. With `check` it only says what would change.
 */
import { type Database, type Tx, transaction } from '../../platform/database.ts'
import { loadRegister } from '../members/index.ts'
import { lockNumber } from './condense.ts'
import { openDictionary } from './dictionary.ts'
import { compareEpisodes, type EpisodeKey } from './episode-recount.ts'
import { place, settle } from './rebuild-place.ts'
import { example, type RebuildOptions, type Rebuilt, type Work } from './rebuild-work.ts'
import { recomputeKeys } from './recompute.ts'
import { compare, purged, recount, replace } from './recount.ts'
import { batchesAfter, eventsOf, type Reread, reread } from './reread.ts'
import { every } from './sensors.ts'
import { loggedHours } from './verify.ts'

const batchesAtOnce = 20

const hoursAtOnce = 7 * 24

type Transact = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>

export async function rebuild(db: Database, options: RebuildOptions, now: number): Promise<Rebuilt> {
  const begin = async (tx: Tx): Promise<Work> => ({
    options,
    now,
    result: {
      batches: 0,
      events: 0,
      differing: { events: 0, detections: 0, totals: 0, episodes: 0 },
      unreadable: 0,
      examples: [],
      purged: [],
    },
    without: new Set(),
    hours: options.hours ?? (await loggedHours(tx)),
    sensors: new Map((await every(tx)).map((one) => [one.id, one])),
    register: await loadRegister(tx),
    dictionary: openDictionary(db.engine),
  })
  // A check looks at one moment; a rebuild goes in portions, each with the condenser kept away.
  if (options.check)
    return transaction(db.engine, async (tx) => {
      await tx.query('set transaction isolation level repeatable read')
      return steps(await begin(tx), (work) => work(tx))
    })
  return steps(await begin(db.engine), (work) =>
    transaction(db.engine, async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(${lockNumber})`)
      return work(tx)
    }),
  )
}

async function steps(work: Work, transact: Transact): Promise<Rebuilt> {
  const { days, hours } = await transact((tx) => purged(tx, work.options.zone))
  work.result.purged = days
  work.without = new Set(hours)
  await rereadAll(work, transact)
  await recountAll(work, transact)
  await episodesOfAll(work, transact)
  return work.result
}

/** First the log: every event understood again, batch by batch. */
async function rereadAll(work: Work, transact: Transact): Promise<void> {
  const { options, result } = work
  const total = await transact(
    async (tx) => (await tx.query<{ n: number }>('select count(*)::int as n from batches')).rows[0]?.n ?? 0,
  )
  for (let after = 0, last = -1; after !== last; ) {
    last = after
    after = await transact((tx) => rereadSome(tx, work, last))
    options.progress?.('events', result.batches, options.hours ? null : total)
  }
}

/** Answers the last batch looked at. */
async function rereadSome(tx: Tx, work: Work, after: number): Promise<number> {
  const { result, options } = work
  const batches = await batchesAfter(tx, after, options.hours ?? null, batchesAtOnce)
  if (batches.length === 0) return after
  const events = await eventsOf(
    tx,
    batches.map((one) => one.id),
  )
  const read: Reread[] = []
  for (const batch of batches) {
    const kept = (events.get(batch.id) ?? []).filter((event) => !work.without.has(event.hour))
    read.push(...(await reread(batch, kept, work.sensors.get(batch.sensor_id), work.register)))
  }
  const readable = read.flatMap(({ event, understood, fault }) => {
    if (understood && !work.without.has(understood.derived.hour)) return [{ event, understood }]
    if (fault !== null) {
      result.unreadable++
      example(work, `event ${event.batch_id}/${event.idx}: ${fault}`)
    }
    return []
  })
  await place(tx, work.dictionary, readable)
  await settle(tx, work)
  result.batches += batches.length
  result.events += read.length
  return batches.at(-1)?.id ?? after
}

/** The next hour of which the log or the sums say anything: a clock years off leaves decades without any. */
async function nextHour(tx: Tx, from: number): Promise<number | null> {
  const { rows } = await tx.query<{ hour: number | null }>(
    `select least((select min(hour) from events where hour >= $1), (select min(hour) from detections where hour >= $1),
       (select min(hour) from totals where hour >= $1)) as hour`,
    [from],
  )
  return rows[0]?.hour ?? null
}

/** Then the sums of each hour, from the log as it is now. */
async function recountAll(work: Work, transact: Transact): Promise<void> {
  const { options, result, hours } = work
  const without = [...work.without]
  for (let from = hours.first; ; ) {
    const first = await transact((tx) => nextHour(tx, from))
    if (first === null || first > hours.last) break
    const part = { first, last: Math.min(hours.last, first + hoursAtOnce - 1) }
    from = part.last + 1
    await transact(async (tx) => {
      await recount(tx, part, without)
      let differing = 0
      for (const name of ['detections', 'totals'] as const) {
        const found = await compare(tx, name, part, without)
        result.differing[name] += found.differing
        differing += found.differing
        for (const one of found.examples)
          example(work, `${name} ${one.where}: ${one.stored} stored, ${one.counted} by the log`)
      }
      if (differing > 0 && !options.check) await replace(tx, part, without)
    })
    options.progress?.('sums', part.last - hours.first + 1, hours.last - hours.first + 1)
  }
}

/** Last the episodes: those whose rows say otherwise are computed anew and keep their ids by overlap. */
async function episodesOfAll(work: Work, transact: Transact): Promise<void> {
  const { options, result, hours, now } = work
  options.progress?.('episodes', 0, null)
  const near = `select distinct key_id from detections where hour between ${Number(hours.first)} and ${Number(hours.last)}`
  await transact(async (tx) => {
    const differing: EpisodeKey[] = []
    await compareEpisodes(
      tx,
      ({ key, stored, counted }) => {
        differing.push(key)
        example(
          work,
          `episodes of ${JSON.stringify(key)}: ${stored || 'nothing'} stored, ${counted || 'nothing'} by the rows`,
        )
      },
      work.without,
      options.hours ? near : undefined,
    )
    result.differing.episodes = differing.length
    if (differing.length === 0 || options.check) return
    await tx.query('drop table if exists touched')
    await tx.query(
      `create temp table touched (org_id int, side smallint, lane smallint, exercise text, family_id int, key_id int, base int, way text) on commit drop`,
    )
    const column = (name: keyof EpisodeKey): unknown[] => differing.map((key) => key[name])
    await tx.query(
      `insert into touched select o, s, l, e, f, k, c.gap_hours, 'slow'
       from unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::int[], $6::int[]) as u (o, s, l, e, f, k) join classes c on c.id = u.f`,
      [
        column('org_id'),
        column('side'),
        column('lane'),
        column('exercise'),
        column('family_id'),
        column('key_id'),
      ],
    )
    await recomputeKeys(tx, now)
    await tx.query(`select announce('derived', '')`)
  })
}
