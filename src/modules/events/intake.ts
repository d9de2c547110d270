/**
 * The seam of the intake: whatever the door, understood events come here and are durable when `store` answers.
 * Storing is idempotent and order-free, so a replicated log could stand in front of it and deliver twice.
 */
import { type Database, named, type Queryable, transaction } from '../../platform/database.ts'
import type { Register } from '../members/index.ts'
import { type Column, eventColumns, matchColumns } from './columns.ts'
import { type Dictionary, openDictionary } from './dictionary.ts'
import type { SourceKey } from './event.ts'
import { contentOf, cut, pack } from './packed.ts'
import { differing, type Repeats } from './repeats.ts'
import { understoodAgain } from './reread.ts'
import type { Sensor } from './sensors.ts'
import { eventKey, flagBits, type Item, type Place, type Understood, understand } from './understand.ts'

/** What the request told or lost besides its valid events. */
export interface Account {
  refused: number
  reasons: Record<string, number>
  deferred?: number
  lost?: number
  run?: string | null
  seq?: number | null
}

export interface Received {
  sensor: Sensor
  format: string
  receivedMs: number
  bytes: Buffer
  /** Read once, before `store` returns its promise: a message may go as soon as the next one is asked for. */
  items: Iterable<Item>
  /** What the reading of the items refuses may still be added until they are all read. */
  account: Account
}

export interface Stored {
  stored: number
  duplicate: number
  /** Positions of items whose id was known with another content; they are kept. */
  conflicts: number[]
}

export interface Intake {
  /**
   * Durable when it resolves; throws `Unavailable` (or the database's own error) when nothing was stored, and whatever
   * reading the items throws.
   */
  store(received: Received): Promise<Stored>
}

/** Gets numbers for the names that rows speak of. */
export async function intern(dictionary: Dictionary, events: Understood[]): Promise<void> {
  const classes = new Set<string>()
  const detectors = new Set<string>()
  const honeypots = new Set<string>()
  const keys: SourceKey[] = []
  for (const { derived, matches } of events) {
    classes.add(derived.targetClass)
    detectors.add(derived.detector)
    if (derived.honeypot) honeypots.add(derived.detector)
    for (const key of derived.keys) keys.push(key)
    for (const match of matches) {
      classes.add(match.className)
      if (match.side !== 2) keys.push(match.key)
    }
  }
  await dictionary.classes(classes)
  await dictionary.detectors(detectors, honeypots)
  await dictionary.keys(keys)
}

interface Answer extends Repeats {
  batch: number
}

const storeCall = `select * from store_batch(${Array.from({ length: 35 }, (_, i) => `$${i + 1}`).join(', ')})`

/** A batch as `store_batch` takes it. The understood events themselves are let go: hundreds wait for the database at a time. */
interface Prepared {
  raw: Buffer
  columns: Column[]
  account: object
}

async function prepare(
  received: Received,
  events: Understood[],
  dictionary: Dictionary,
  account: object,
): Promise<Prepared> {
  const inColumns = async (): Promise<Column[]> => {
    await intern(dictionary, events)
    const columns = [...eventColumns(events, dictionary), ...matchColumns(events, dictionary)]
    events.length = 0
    return columns
  }
  const [raw, columns] = await Promise.all([pack(received.bytes), inColumns()])
  return { raw, columns, account }
}

async function call(db: Queryable, received: Received, { raw, columns, account }: Prepared): Promise<Answer> {
  const { rows } = await db.query<Answer & Record<string, unknown>>(
    { name: 'store_batch', text: storeCall },
    [
      received.sensor.id,
      new Date(received.receivedMs).toISOString(),
      received.format,
      raw,
      received.bytes.length,
      JSON.stringify(account),
      ...columns,
    ],
  )
  return rows[0] as Answer
}

/** Positions, from 1, of the events that are late, from the future or repaired: those among them that are new count. */
function remarkable(
  received: Received,
  events: Understood[],
): { late: number[]; future: number[]; repaired: number[] } {
  const found = { late: [] as number[], future: [] as number[], repaired: [] as number[] }
  for (const [i, event] of events.entries()) {
    if (event.derived.future) found.future.push(i + 1)
    else if (event.derived.detectedMs < received.receivedMs - 86_400_000) found.late.push(i + 1)
    if (event.item.repaired) found.repaired.push(i + 1)
  }
  return found
}

function accountOf(received: Received, events: Understood[]): object {
  return {
    refused: received.account.refused,
    reasons: received.account.refused > 0 ? received.account.reasons : null,
    deferred: received.account.deferred ?? 0,
    lost: received.account.lost ?? 0,
    run: received.account.run ?? null,
    seq: received.account.seq ?? null,
    conflict: 0,
    requests: 1,
    ...remarkable(received, events),
  }
}

/** Keeps a second content under a known id, marked; a third delivery of it is a duplicate again. */
async function storeConflicts(
  db: Queryable,
  received: Received,
  { at, prepared }: Conflicts,
): Promise<number[]> {
  const answer = await call(db, received, prepared)
  const known = new Set(answer.dup_at ?? [])
  const kept = at.filter((_, i) => !known.has(i + 1))
  const n = at.length
  await db.query(
    `insert into requests (sensor_id, at, received, stored, duplicate, refused, conflict, requests)
     values ($1, $2, $3, 0, $3, 0, $4, 0)`,
    [received.sensor.id, new Date(received.receivedMs).toISOString(), -n, kept.length - n],
  )
  return kept
}

interface Conflicts {
  /** Positions in the request, from 0. */
  at: number[]
  prepared: Prepared
}

/** The events at some positions once more, each under the key of its content as well; what cannot be read again stays a duplicate. */
async function prepareConflicts(
  received: Received,
  places: Place[],
  differ: number[],
  dictionary: Dictionary,
  register: Register,
): Promise<Conflicts> {
  const found = await understoodAgain(
    received,
    differ.map((i) => places[i] as Place),
    register,
  )
  const at = differ.filter((_, i) => found[i] !== null)
  const again = found.flatMap((event) => {
    if (!event) return []
    const content = contentOf(cut(received.bytes, event.item.off, event.item.len))
    const key = eventKey(received.sensor.id, event.derived.id, content)
    return [{ ...event, key, flags: event.flags | flagBits.conflict }]
  })
  // The request was counted by the first call: this one only moves events from `duplicate` to `stored`.
  const account = {
    refused: 0,
    deferred: 0,
    lost: 0,
    requests: 0,
    reasons: null,
    run: null,
    seq: null,
    conflict: again.length,
    ...remarkable(received, again),
  }
  return { at, prepared: await prepare(received, again, dictionary, account) }
}

/** The intake into PostgreSQL. `register` answers the newest register. */
export function openIntake(db: Database, register: () => Register): Intake {
  const dictionary = openDictionary(db.engine)
  return {
    store: async (received) => {
      const known = register()
      const events: Understood[] = []
      for (const item of received.items)
        events.push(understand(item, received.sensor, known, received.receivedMs))
      const places = events.map(({ item }) => item)
      const account = accountOf(received, events)
      const keepConflicts = async (differ: number[]): Promise<number[]> => {
        const conflicts = await prepareConflicts(received, places, differ, dictionary, known)
        if (conflicts.at.length === 0) return []
        return transaction(db.engine, (tx) => storeConflicts(tx, received, conflicts))
      }
      try {
        const answer = await call(db.engine, received, await prepare(received, events, dictionary, account))
        const duplicates = answer.dup_at?.length ?? 0
        if (duplicates === 0) return { stored: places.length, duplicate: 0, conflicts: [] }
        const differ = await differing(db.engine, received.bytes, places, answer)
        const kept = differ.length > 0 ? await keepConflicts(differ) : []
        return {
          stored: places.length - duplicates + kept.length,
          duplicate: duplicates - kept.length,
          conflicts: kept,
        }
      } catch (error) {
        throw named(error)
      }
    },
  }
}
