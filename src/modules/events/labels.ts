/** Marks source keys with the warning lists that hold them, and keeps since when, so that a new list rewrites no past. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../platform/context.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { transaction } from '../../platform/database.ts'
import * as settings from '../../platform/settings.ts'
import { mayDemote } from './lists/age.ts'
import { loadLists } from './lists/load.ts'
import { type Label, labelsOf, type MatcherSet, matcherOf } from './lists/match.ts'

const lockNumber = 715003
const keysAtOnce = 5_000

/** Newest change of any file below a folder, for noticing that the operator put new lists there. */
function newestChange(folder: string): number {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  }
  return newest
}

export interface Labeller {
  /** Reads lists that changed and labels keys that are new; answers how many keys were looked at. */
  work(now: number): Promise<number>
}

/** A list that is too old still labels, but its effect on severity is gone. */
const effectOf = (label: Label, now: number): string =>
  label.effect === 'recon-to-info' && !mayDemote(label, new Date(now)) ? 'label' : label.effect

async function write(
  tx: Tx,
  keys: { id: number; text: string }[],
  set: MatcherSet,
  now: number,
): Promise<void> {
  const rows = keys.flatMap((key) =>
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
    set = matcherOf(loaded.lists)
    loadedChange = change
    await transaction(context.db.engine, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [lockNumber])
      // Another node, or this one before its restart, may have marked all keys by these very files already.
      if (Number(await settings.read(tx, 'lists_change')) === Math.round(change)) return
      await recordLists(tx, loaded, now)
      await tx.query(`update key_labels set until = to_timestamp($1 / 1000.0) where until = 'infinity'`, [
        now,
      ])
      await settings.write(tx, 'labelled_key', 0, now)
      await settings.write(tx, 'lists_change', Math.round(change), now)
    })
  }

  return {
    work: async (now) => {
      if (!dir) return 0
      await reload(now)
      const lists = set
      if (!lists) return 0
      return transaction(context.db.engine, async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1)', [lockNumber])
        const after = Number((await settings.read(tx, 'labelled_key')) ?? 0)
        const { rows } = await tx.query<{ id: number; text: string }>(
          `select id, text from source_keys where id > $1 and kind = 'address' order by id limit $2`,
          [after, keysAtOnce],
        )
        if (rows.length === 0) return 0
        await write(tx, rows, lists, now)
        await settings.write(tx, 'labelled_key', rows.at(-1)?.id ?? after, now)
        return rows.length
      })
    },
  }
}
