/** Names that recur in every row are stored once and spoken of by small numbers; the numbers are cached here. */
import type { Queryable } from '../../platform/database.ts'
import { canBeCritical, familyOf } from './classes.ts'
import type { SourceKey } from './event.ts'

const maxCached = 200_000

class Cache extends Map<string, number> {
  remember(name: string, id: number): void {
    // A flood of forged sources must not fill the memory; the oldest entries are simply asked for again.
    if (this.size >= maxCached) for (const key of [...this.keys()].slice(0, maxCached / 10)) this.delete(key)
    this.set(name, id)
  }
}

export interface Dictionary {
  classes(names: Iterable<string>): Promise<void>
  /** `honeypots`: those of the names whose events say that a honeypot saw them. */
  detectors(names: Iterable<string>, honeypots?: Iterable<string>): Promise<void>
  keys(keys: Iterable<SourceKey>): Promise<void>
  classId(name: string): number
  detectorId(name: string): number
  keyId(key: SourceKey): number
}

const keyName = (key: SourceKey): string => (key.counted ? key.text : `!${key.text}`)

/** The family's class row exists whenever a class of it does. */
const withoutSide = (name: string): string => name.replace(/-(target|internal)$/, '')

function known(cache: Cache, name: string): number {
  const id = cache.get(name)
  if (id === undefined) throw new Error(`"${name}" was not interned before use`)
  return id
}

async function internClasses(db: Queryable, cache: Cache, names: Iterable<string>): Promise<void> {
  const missing = new Set<string>()
  for (const name of names)
    if (!cache.has(name)) {
      missing.add(name)
      missing.add(familyOf(withoutSide(name)))
    }
  if (missing.size === 0) return
  const list = [...missing].sort()
  const families = list.map((name) => familyOf(withoutSide(name)))
  const gaps = families.map((family) => (canBeCritical(family) ? 2 : 6))
  await db.query(
    'insert into classes (name, family, gap_hours) select * from unnest($1::text[], $2::text[], $3::int[]) on conflict do nothing',
    [list, families, gaps],
  )
  const { rows } = await db.query<{ id: number; name: string }>(
    'select id, name from classes where name = any ($1)',
    [list],
  )
  for (const row of rows) cache.remember(row.name, row.id)
}

async function internDetectors(db: Queryable, cache: Cache, names: Iterable<string>): Promise<void> {
  const list = [...new Set(names)].filter((name) => !cache.has(name)).sort()
  if (list.length === 0) return
  await db.query('insert into detectors (name) select unnest($1::text[]) on conflict do nothing', [list])
  const { rows } = await db.query<{ id: number; name: string }>(
    'select id, name from detectors where name = any ($1)',
    [list],
  )
  for (const row of rows) cache.remember(row.name, row.id)
}

/** Marks detectors that are interned already; one that is a honeypot stays one. */
async function markHoneypots(db: Queryable, marked: Cache, names: Iterable<string>): Promise<void> {
  const list = [...new Set(names)].filter((name) => !marked.has(name)).sort()
  if (list.length === 0) return
  const { rows } = await db.query<{ id: number; name: string }>(
    'select id, name from detectors where name = any ($1) and not honeypot',
    [list],
  )
  // Most are marked already when a node starts: nothing is locked for them.
  if (rows.length > 0)
    await db.query('update detectors set honeypot = true where id = any ($1)', [rows.map((row) => row.id)])
  for (const name of list) marked.remember(name, 1)
}

/**
 * SQL: lets the statement's transaction end before it stands on the disk. What it wrote lies in the database's log before whatever
 * speaks of it, so that the commit of the events, for which the sender waits, makes both durable at once.
 */
const unhurried = `(select set_config('synchronous_commit', 'off', true)) unhurried`

async function internKeys(db: Queryable, cache: Cache, keys: Iterable<SourceKey>): Promise<void> {
  const missing = new Map<string, SourceKey>()
  for (const key of keys) {
    const name = keyName(key)
    if (!cache.has(name)) missing.set(name, key)
  }
  if (missing.size === 0) return
  const list = [...missing.values()].sort((a, b) => (a.text < b.text ? -1 : 1))
  const columns = [
    list.map((k) => k.text),
    list.map((k) => k.counted),
    list.map((k) => k.kind),
    list.map((k) => (k.kind === 'address' ? k.text : null)),
  ]
  await db.query(
    `insert into source_keys (text, counted, kind, addr)
     select u.* from unnest($1::text[], $2::bool[], $3::text[], $4::inet[]) u, ${unhurried} on conflict do nothing`,
    columns,
  )
  const { rows } = await db.query<{ id: number; text: string; counted: boolean }>(
    `select k.id, k.text, k.counted from source_keys k join unnest($1::text[], $2::bool[]) as u (text, counted) using (text, counted)`,
    columns.slice(0, 2),
  )
  for (const row of rows) cache.remember(row.counted ? row.text : `!${row.text}`, row.id)
}

export function openDictionary(db: Queryable): Dictionary {
  const classes = new Cache()
  const detectors = new Cache()
  const honeypots = new Cache()
  const keys = new Cache()
  return {
    classes: (names) => internClasses(db, classes, names),
    detectors: async (names, honey = []) => {
      await internDetectors(db, detectors, names)
      await markHoneypots(db, honeypots, honey)
    },
    keys: (wanted) => internKeys(db, keys, wanted),
    classId: (name) => known(classes, name),
    detectorId: (name) => known(detectors, name),
    keyId: (key) => known(keys, keyName(key)),
  }
}
