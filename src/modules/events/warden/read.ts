/** getEvents: the log from a serial on, as much of it as the reader may see, with the reader's remembered place. */
import type { IncomingMessage } from 'node:http'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import type { Register } from '../../members/index.ts'
import type { Idea } from '../event.ts'
import type { Sensor } from '../sensors.ts'
import type { WardenError } from './answers.ts'
import { type Filter, filterOf } from './filters.ts'
import { eventsBetween } from './log.ts'
import { type Arguments, integer } from './query.ts'

export const readLimit = 1000
/** Serials looked at in one call when few of them pass; the next call goes on behind them. */
const mostScanned = 200_000
const window = 10_000
/** Bytes of the events of one answer. */
const mostBytes = 32 * 1024 * 1024

export interface Page {
  lastid: number
  events: Idea[]
  /** Serials that were purged before the reader came for them. */
  gap: number
}

/** The actor as whom a reading sensor reads: the CSIRT's scope, or its organisation's, with the sector's where it has that. */
export function actorOfReader(sensor: Sensor): Actor {
  const engagements: Actor['engagements'] =
    sensor.scope === 'all' && sensor.org === null
      ? [{ org: null, orgName: null, role: 'coordinator' }]
      : sensor.org === null
        ? []
        : [{ org: sensor.org, orgName: null, role: 'admin' }]
  return {
    person: 0,
    name: sensor.name,
    email: '',
    language: 'en',
    engagements,
    readsSector: sensor.scope === 'sector',
  }
}

interface Wanted {
  after: number
  count: number
  filter: Filter | null
  others: boolean
}

const max = async (tx: Tx): Promise<number> =>
  Number((await tx.query<{ n: number }>('select last_serial() as n')).rows[0]?.n ?? 0)
const min = async (tx: Tx): Promise<number> =>
  Number((await tx.query<{ n: number }>('select first_serial() as n')).rows[0]?.n ?? 0)

/** Events up to the newest serial there was at the beginning: what becomes visible meanwhile is for the next call. */
async function pageAfter(
  tx: Tx,
  wanted: Wanted,
  newest: number,
  register: Register,
): Promise<Omit<Page, 'gap'>> {
  const events: Idea[] = []
  let last = 0
  let bytes = 0
  let looked = wanted.after
  while (events.length < wanted.count && looked < newest && looked - wanted.after < mostScanned) {
    const upto = Math.min(newest, looked + window)
    const limit = Math.min(wanted.count, 500)
    let seen = 0
    for await (const found of eventsBetween(tx, looked, upto, limit, wanted.others, register)) {
      seen++
      looked = found.serial
      if (!found.idea || (wanted.filter && !wanted.filter(found.idea, found.sender))) continue
      const given = await found.given()
      if (!given) continue
      events.push(given)
      last = found.serial
      bytes += found.size
      if (events.length >= wanted.count || bytes > mostBytes) return { lastid: last, events }
    }
    if (seen < limit) looked = upto
  }
  return { lastid: events.length > 0 ? last : Math.max(looked, 0), events }
}

/** Where a call begins: behind a serial, or so many events before the end; null for a reader's first call. */
type Beginning = { after: number } | { back: number } | null

/** `id` as given, else the remembered place. */
async function beginning(context: Context, sensor: Sensor, args: Arguments): Promise<Beginning> {
  const id = integer(args, 'id')
  if (id !== null) return id > 0 ? { after: id } : { back: -id }
  const place = await remembered(context, sensor)
  return place === null ? null : { after: place }
}

function countOf(args: Arguments): number {
  const asked = integer(args, 'count')
  return Math.min(asked === null || asked < 0 ? 1000 : asked, readLimit)
}

interface Question {
  from: Beginning
  count: number
  filter: Filter | null
  others: boolean
}

async function answer(
  context: Context,
  sensor: Sensor,
  asked: Question,
  register: Register,
  now: number,
): Promise<Page> {
  const { from, count, filter, others } = asked
  const page = await asActor(context.db, actorOfReader(sensor), now, async (tx) => {
    const newest = await max(tx)
    if (from === null) return { lastid: newest, events: [], gap: 0 }
    const after = 'after' in from ? from.after : Math.max(newest - from.back, 0)
    if (count === 0) return { lastid: after, events: [], gap: 0 }
    if (after > newest) return { lastid: newest, events: [], gap: 0 }
    const first = await min(tx)
    const found = await pageAfter(tx, { after, count, filter, others }, newest, register)
    return { ...found, gap: first > 1 && after < first - 1 ? first - 1 - after : 0 }
  })
  if (count > 0) await remember(context, sensor, page.lastid)
  return page
}

/**
 * One call of getEvents; with `wait` (seconds, at most 30) an answer without events waits for some to come.
 * Remembers the place of the answer for calls without `id`; `count` 0 moves nothing.
 */
export async function readOrWait(
  context: Context,
  sensor: Sensor,
  args: Arguments,
  register: Register,
  now: number,
  request: IncomingMessage,
): Promise<Page | { error: WardenError }> {
  const filters = filterOf(args)
  if ('error' in filters) return filters
  const others = sensor.scope === 'sector' && !filters.ownOnly
  const asked = { count: countOf(args), filter: filters.filter, others }
  let from = await beginning(context, sensor, args)
  const until = performance.now() + 1000 * Math.min(30, integer(args, 'wait') ?? 0)
  for (;;) {
    const page = await answer(context, sensor, { ...asked, from }, register, now)
    const left = until - performance.now()
    if (page.events.length > 0 || asked.count === 0 || left <= 0 || request.destroyed) return page
    from = { after: page.lastid }
    await news(context, left)
  }
}

/** Resolves when something new was condensed, or after `ms`. */
function news(context: Context, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(done, ms)
    const stop = context.bus.on('derived', done)
  })
}

async function remembered(context: Context, sensor: Sensor): Promise<number | null> {
  const { rows } = await context.db.engine.query<{ serial: number }>(
    'select serial from reader_cursors where sensor_id = $1',
    [sensor.id],
  )
  return rows[0]?.serial ?? null
}

/** Keeps the place before the last answer too: an answer may be lost on the way. */
async function remember(context: Context, sensor: Sensor, serial: number): Promise<void> {
  await context.db.engine.query(
    `insert into reader_cursors (sensor_id, serial, previous_serial) values ($1, $2, $2)
     on conflict (sensor_id) do update set previous_serial = reader_cursors.serial, serial = excluded.serial
     where reader_cursors.serial <> excluded.serial`,
    [sensor.id, serial],
  )
}
