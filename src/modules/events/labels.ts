/** Marks source keys with the warning lists that hold them, and keeps since when, so that a new list rewrites no past. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../platform/context.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { transaction } from '../../platform/database.ts'
import * as settings from '../../platform/settings.ts'
import type { Net } from '../../values/address.ts'
import { mayDemote } from './lists/age.ts'
import { type LoadedList, loadLists } from './lists/load.ts'
import {
  type Label,
  labelsOf,
  labelsOfHost,
  labelsTouching,
  type MatcherSet,
  matcherOf,
} from './lists/match.ts'

const lockNumber = 715003
const keysAtOnce = 5_000
/** More new keys in one go would keep the worker from condensing. */
const mostRounds = 20

/** Newest change of any file below a folder, for noticing that the operator put new lists there. */
function newestChange(folder: string): number {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  }
  return newest
}

export interface Labeller {
  /** Reads lists that changed, labels keys that are new, and a part of the old ones anew; answers how many keys were looked at. */
  work(now: number): Promise<number>
  /** The lists that know a name, or any address of a net; null while those that are configured were not read. */
  listsOf(host: { net: Net } | { name: string }): Label[] | null
}

/** Old keys that are looked at again because the lists changed: those after `after`, up to `upto`. */
interface Again {
  after: number
  upto: number
}

interface Key {
  id: number
  text: string
  kind: string
}

/** A list that is too old still labels, but its effect on severity is gone. */
const effectOf = (label: Label, now: number): string =>
  label.effect === 'recon-to-info' && !mayDemote(label, new Date(now)) ? 'label' : label.effect

const isAddress = (key: Key): boolean => key.kind === 'address'

async function write(tx: Tx, keys: Key[], set: MatcherSet, now: number): Promise<void> {
  const rows = keys.filter(isAddress).flatMap((key) =>
    labelsOf(set, key.text)
      .filter((l) => l.effect !== 'import-check')
      .map((label) => ({ key: key.id, label })),
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into key_labels (key_id, list, grp, effect, version, since)
     select k, l, g, e, v, to_timestamp($6 / 1000.0) from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) as u (k, l, g, e, v)
     on conflict do nothing`,
    [
      rows.map((r) => r.key),
      rows.map((r) => r.label.name),
      rows.map((r) => r.label.group),
      rows.map((r) => effectOf(r.label, now)),
      rows.map((r) => String(r.label.version)),
      now,
    ],
  )
}

async function recordLists(db: Queryable, loaded: ReturnType<typeof loadLists>, now: number): Promise<void> {
  await db.query('delete from warning_lists')
  for (const list of loaded.lists)
    await db.query(
      `insert into warning_lists (name, grp, effect, version, version_on, entries, loaded_at) values ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0))
       on conflict (name) do nothing`,
      [list.name, list.group, list.effect, String(list.version), list.versionDate ?? null, list.entries, now],
    )
}

/** An address or network of a sinkhole, and from when its list is known to name it (ms). */
interface Sinkhole {
  net: string
  since: number
}

/**
 * Keeps whom no host of ours should ever speak to: such ends are mere targets and never keys of their own. The first
 * lists hold for the past too, a later one only names what it adds from then on.
 */
async function recordSinkholes(tx: Tx, lists: LoadedList[], now: number): Promise<void> {
  const before = (await settings.read(tx, 'sinkholes')) as Sinkhole[] | undefined
  const since = new Map(before?.map((one) => [one.net, one.since]))
  const listed = lists.filter((list) => list.effect === 'raise').flatMap((list) => list.patterns.nets)
  // A range that is no network has no such text.
  const nets = new Set(listed.map((net) => net.text).filter((text) => !text.includes('-')))
  const found = [...nets].map((net): Sinkhole => ({ net, since: since.get(net) ?? (before ? now : 0) }))
  await settings.write(tx, 'sinkholes', found, now)
}

async function keysAfter(tx: Tx, after: number, upto: number): Promise<Key[]> {
  const { rows } = await tx.query<Key>(
    'select id, text, kind from source_keys where id > $1 and id <= $2 order by id limit $3',
    [after, upto, keysAtOnce],
  )
  return rows
}

const lastId = 2_147_483_647

/** Labels keys never looked at; the mark tells rules up to which key they know what lists say. */
async function labelNew(tx: Tx, set: MatcherSet, now: number): Promise<number> {
  const keys = await keysAfter(tx, Number((await settings.read(tx, 'labelled_key')) ?? 0), lastId)
  await write(tx, keys, set, now)
  if (keys.length > 0) await settings.write(tx, 'labelled_key', keys.at(-1)?.id, now)
  if ((await settings.read(tx, 'labelling')) !== true) await settings.write(tx, 'labelling', true, now)
  return keys.length
}

/** Gives a part of the old keys the new lists' labels in place of those before: never is a key without any between. */
async function labelAgain(tx: Tx, set: MatcherSet, now: number): Promise<number> {
  const again = (await settings.read(tx, 'label_again')) as Again | null | undefined
  if (!again) return 0
  const keys = await keysAfter(tx, again.after, again.upto)
  await tx.query(
    `update key_labels set until = to_timestamp($2 / 1000.0) where key_id = any ($1) and until = 'infinity'`,
    [keys.map((key) => key.id), now],
  )
  await write(tx, keys, set, now)
  const last = keys.at(-1)?.id
  await settings.write(tx, 'label_again', last === undefined ? null : { ...again, after: last }, now)
  return keys.length
}

export function openLabeller(context: Context): Labeller {
  let set: MatcherSet | null = null
  let loadedChange = 0
  let lookedAt = 0
  const dir = context.settings.listsDir

  const reload = async (now: number): Promise<void> => {
    if (!dir || (now - lookedAt < 60_000 && set)) return
    lookedAt = now
    const change = newestChange(dir)
    if (change === loadedChange) return
    const loaded = loadLists(dir)
    for (const problem of loaded.problems) context.log.warn({ problem }, 'a warning list was left out')
    await inTurn(async (tx) => {
      await recordSinkholes(tx, loaded.lists, now)
      // Another node, or this one before its restart, may have marked all keys by these very files already.
      if (Number(await settings.read(tx, 'lists_change')) === Math.round(change)) return
      await recordLists(tx, loaded, now)
      const upto = Number((await settings.read(tx, 'labelled_key')) ?? 0)
      await settings.write(tx, 'label_again', { after: 0, upto } satisfies Again, now)
      await settings.write(tx, 'lists_change', Math.round(change), now)
    })
    set = matcherOf(loaded.lists)
    loadedChange = change
  }

  const inTurn = <A>(work: (tx: Tx) => Promise<A>): Promise<A> =>
    transaction(context.db.engine, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [lockNumber])
      return work(tx)
    })

  /** Without lists nobody labels, and rules have nothing to wait for. */
  const stand = async (now: number): Promise<number> => {
    if ((await settings.read(context.db.engine, 'labelling')) === true)
      await settings.write(context.db.engine, 'labelling', false, now)
    return 0
  }

  return {
    listsOf: (host) => {
      if (set === null) return dir ? null : []
      return 'net' in host ? labelsTouching(set, host.net) : labelsOfHost(set, host.name)
    },
    work: async (now) => {
      await reload(now).catch((error: unknown) =>
        context.log.warn({ err: error }, 'warning lists could not be read anew'),
      )
      const lists = set
      if (!lists) return stand(now)
      let looked = 0
      for (let i = 0; i < mostRounds; i++) {
        const keys = await inTurn((tx) => labelNew(tx, lists, now))
        looked += keys
        if (keys < keysAtOnce) break
      }
      return looked + (await inTurn((tx) => labelAgain(tx, lists, now)))
    },
  }
}
