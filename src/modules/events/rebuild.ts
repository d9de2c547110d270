/**
 * Makes everything that is derived anew from the received bytes: what each event means and whom it concerns (with the
 * register as of its time), the hourly sums, the episodes. With `check` it only says what would change.
 */
import { type Database, type Tx, transaction } from '../../platform/database.ts'
import { loadRegister, type Register } from '../members/index.ts'
import { eventColumns, matchColumns } from './columns.ts'
import { lockNumber, onlyThese } from './condense.ts'
import { type Dictionary, openDictionary } from './dictionary.ts'
import { compareEpisodes, type EpisodeKey } from './episode-recount.ts'
import { recomputeKeys } from './recompute.ts'
import { compare, type Hours, purged, recount, replace } from './recount.ts'
import { batchesAfter, eventsOf, type Reread, reread, type StoredEvent } from './reread.ts'
import { every, type Sensor } from './sensors.ts'
import { flagBits, type Understood } from './understand.ts'
import { loggedHours } from './verify.ts'

export interface Rebuilt {
  batches: number
  events: number
  /** Rows that differ from what the bytes give now; with `check` nothing was changed. */
  differing: { events: number; detections: number; totals: number; episodes: number }
  /** Events whose bytes cannot be read any more; their rows stay as they are. */
  unreadable: number
  examples: string[]
  /** Days that were left alone, because their events were forgotten at least in part. */
  purged: string[]
}

export interface RebuildOptions {
  zone: string
  check: boolean
  /** The hours to look at; all of them when left out. */
  hours?: Hours
  progress?(step: 'events' | 'sums' | 'episodes', done: number, total: number | null): void
}

const batchesAtOnce = 20
const hoursAtOnce = 7 * 24
const mostExamples = 10

interface Work {
  options: RebuildOptions
  now: number
  result: Rebuilt
  /** Hours of forgotten days. */
  without: Set<number>
  hours: Hours
  sensors: Map<number, Sensor>
  register: Register
  dictionary: Dictionary
}

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

function example(work: Work, sentence: string): void {
  if (work.result.examples.length < mostExamples) work.result.examples.push(sentence)
}

const eventRow = `batch_id bigint, idx int, detector_id int, detected_at timestamptz, hour int, lane smallint, archive boolean, matched boolean,
  class_id int, severity smallint, verdict smallint, share int, weight int, key_id int, more_keys int[], target inet, port int, flags int, exercise text`
const matchRow = `org_id int, batch_id bigint, idx int, side smallint, class_id int, key_id int, hour int, detected_at timestamptz, lane smallint,
  archive boolean, severity smallint, verdict smallint, share int, weight int, sensor_id int, detector_id int, network_id int, host inet, peer inet,
  port int, flags int, exercise text`
const namesIn = (row: string): string[] => row.split(',').map((part) => part.trim().split(' ')[0] ?? '')
const matchColumnNames = namesIn(matchRow)

/** Puts what the bytes give now beside what is stored, in tables of this transaction, in the columns that the intake writes. */
async function place(
  tx: Tx,
  dictionary: Dictionary,
  read: { event: StoredEvent; understood: Understood }[],
): Promise<void> {
  await tx.query('drop table if exists again_events, again_matches')
  await tx.query(`create temp table again_events (${eventRow}) on commit drop`)
  await tx.query(`create temp table again_matches (${matchRow}) on commit drop`)
  const understood = read.map((one) => one.understood)
  await intern(dictionary, understood)
  const columns = eventColumns(understood, dictionary)
  const parts = matchColumns(understood, dictionary)
  const at = [read.map((one) => one.event.batch_id), read.map((one) => one.event.idx)]
  await tx.query(
    `insert into again_events
     select b, i, u.detector, to_timestamp(u.detected), u.hour, u.lane, u.archive, u.matched, u.class, u.severity, u.verdict, u.share, u.weight,
       u.source, u.more::int[], u.target, u.port, u.flags, u.exercise
     from unnest($1::bigint[], $2::int[], $3::int[], $4::float8[], $5::int[], $6::int[], $7::boolean[], $8::boolean[], $9::int[], $10::int[], $11::int[],
       $12::int[], $13::int[], $14::int[], $15::text[], $16::inet[], $17::int[], $18::int[], $19::text[])
       as u (b, i, detector, detected, hour, lane, archive, matched, class, severity, verdict, share, weight, source, more, target, port, flags, exercise)`,
    [...at, ...columns.slice(1, 18)],
  )
  await tx.query(
    `insert into again_matches
     select m.org, e.batch_id, e.idx, m.side, m.class, m.source, e.hour, e.detected_at, e.lane, e.archive, m.severity, e.verdict, e.share, e.weight,
       s.sensor_id, e.detector_id, m.network, m.host, m.peer, e.port, e.flags, e.exercise
     from unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::inet[], $9::inet[])
       as m (at, org, side, class, source, severity, network, host, peer)
     join unnest($10::bigint[], $11::int[]) with ordinality as p (b, i, at) on p.at = m.at
     join again_events e on e.batch_id = p.b and e.idx = p.i join batches s on s.id = p.b`,
    [...parts, ...at],
  )
  await tx.query('analyze again_events, again_matches')
}

/** Numbers for the names that rows speak of. */
async function intern(dictionary: Dictionary, events: Understood[]): Promise<void> {
  await dictionary.classes(
    new Set(events.flatMap((e) => [e.derived.targetClass, ...e.matches.map((m) => m.className)])),
  )
  await dictionary.detectors(new Set(events.map((e) => e.derived.detector)))
  await dictionary.keys(events.flatMap((e) => [...e.derived.keys, ...e.matches.map((m) => m.key)]))
}

/** Marks that tell how an event came, not what it means: they stay as they were. */
const arrival = flagBits.conflict | flagBits.repaired
const comparedEvent = namesIn(eventRow).filter((name) => !['batch_id', 'idx', 'flags'].includes(name))
const comparedMatch = matchColumnNames.filter((name) => name !== 'flags')

const list = (alias: string, columns: string[]): string =>
  columns.map((column) => `${alias}.${column}`).join(', ')

/** Finds the events that differ, or whose matches do, and unless it is a check puts them right. */
async function settle(tx: Tx, work: Work): Promise<void> {
  await tx.query(onlyThese)
  await tx.query('drop table if exists to_change')
  await tx.query(
    `create temp table to_change on commit drop as
     select a.batch_id, a.idx from again_events a join events e on e.batch_id = a.batch_id and e.idx = a.idx
     where (${list('a', comparedEvent)}, a.flags & ~${arrival}) is distinct from (${list('e', comparedEvent)}, e.flags & ~${arrival})
     union
     select batch_id, idx from (
       (select ${list('a', comparedMatch)} from again_matches a
        except all select ${list('m', comparedMatch)} from matches m join again_events e on e.batch_id = m.batch_id and e.idx = m.idx)
       union all
       (select ${list('m', comparedMatch)} from matches m join again_events e on e.batch_id = m.batch_id and e.idx = m.idx
        except all select ${list('a', comparedMatch)} from again_matches a)) d`,
  )
  const { rows } = await tx.query<{ batch_id: number; idx: number; n: number }>(
    'select batch_id, idx, (select count(*)::int from to_change) as n from to_change order by 1, 2 limit 10',
  )
  work.result.differing.events += rows[0]?.n ?? 0
  for (const row of rows) example(work, `event ${row.batch_id}/${row.idx} is understood differently now`)
  if (rows.length > 0 && !work.options.check) await rewrite(tx)
}

async function rewrite(tx: Tx): Promise<void> {
  const set = comparedEvent.map((column) => `${column} = a.${column}`).join(', ')
  await tx.query(
    `update events e set ${set}, flags = (a.flags & ~${arrival}) | (e.flags & ${arrival})
     from again_events a join to_change c on c.batch_id = a.batch_id and c.idx = a.idx where e.batch_id = a.batch_id and e.idx = a.idx`,
  )
  await tx.query('delete from matches m using to_change c where m.batch_id = c.batch_id and m.idx = c.idx')
  await tx.query(
    `insert into matches (${matchColumnNames.join(', ')})
     select ${matchColumnNames.map((name) => (name === 'flags' ? 'e.flags' : `a.${name}`)).join(', ')}
     from again_matches a join to_change c on c.batch_id = a.batch_id and c.idx = a.idx
     join events e on e.batch_id = a.batch_id and e.idx = a.idx`,
  )
}

/** Then the sums of each hour, from the log as it is now. */
async function recountAll(work: Work, transact: Transact): Promise<void> {
  const { options, result, hours } = work
  const without = [...work.without]
  for (let first = hours.first; first <= hours.last; first += hoursAtOnce) {
    const part = { first, last: Math.min(hours.last, first + hoursAtOnce - 1) }
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
