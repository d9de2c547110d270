/** A decided file is carried out in one transaction, and undone in one. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { type Asset, type AssetValues, differing, type Part } from '../asset.ts'
import { insertAssets, inTurn, moveAsset, note, requireRoom, updateAsset } from '../assets.ts'
import { requireRight } from '../may.ts'
import { assetAt } from '../queries.ts'
import { type Figures, figuresOf, freshValues, type Proposed, together } from './plan.ts'
import { preview, sheetAt } from './store.ts'

type Which = { org: number; sheet: number }

/** Throws NotFound, Forbidden, Invalid (`undecided`, `twin`, `full`) and WrongState (carried out before). */
export async function apply(tx: Tx, which: Which, by: Actor, now: number): Promise<Figures> {
  requireRight(by, 'keep', which.org)
  await inTurn(tx, which.org)
  const { sheet, proposed } = await preview(tx, which.org, which.sheet)
  if (sheet.appliedAt !== null) throw new WrongState('This file has been carried out')
  const figures = figuresOf(proposed)
  if (figures.undecided > 0) throw new Invalid('Some lines are still to be decided.', { sheet: 'undecided' })
  await requireRoom(tx, sheet.org, figures.added)
  const works = worksOf(proposed)
  for (const { asset, values } of works) if (asset) await updateAsset(tx, asset, values, by, now, sheet.id)
  const all = works.filter(({ asset }) => !asset).map(({ values }) => values)
  await insertAssets(tx, { org: sheet.org, all, source: sheet.format, importId: sheet.id }, by, now)
  await tx.query(
    `update asset_imports set applied_at = $2, counts = $3, lines = '[]', decisions = '{}' where id = $1 and applied_at is null`,
    [sheet.id, iso(now), JSON.stringify(figures)],
  )
  await note(
    tx,
    'import',
    {
      org: sheet.org,
      object: `asset-import ${sheet.id}`,
      detail: { file: sheet.fileName, added: figures.added, changed: figures.changed },
    },
    by,
    now,
  )
  return figures
}

interface Work {
  /** Null: a new one. */
  asset: Asset | null
  values: AssetValues
}

/** What is to be written, with doubles in their twins. */
function worksOf(proposed: readonly Proposed[]): Work[] {
  const works = new Map<number, Work>()
  for (const one of proposed) {
    const { line } = one.line
    if (one.decided === 'add') works.set(line, { asset: null, values: freshValues(one.line) })
    else if (one.decided === 'take' && one.asset) works.set(line, { asset: one.asset, values: one.values })
    // A line that stands there already may yet get a double into it.
    else if (one.kind === 'same' && one.asset) works.set(line, { asset: one.asset, values: one.asset })
    else if (one.decided === 'merge') {
      const twin = works.get(one.twin ?? -1)
      if (!twin)
        throw new Invalid('The line that it is the same as is left out.', { [`line.${line}`]: 'twin' })
      twin.values = together(twin.values, one.values)
    }
  }
  return [...works.values()].filter(({ asset, values }) => !asset || differing(asset, values).length > 0)
}

export interface Undone {
  undone: number
  /** Items that somebody changed since, which stay as they are. */
  kept: number
}

/** Takes back what an import did, but for what was changed since. Throws NotFound, Forbidden, WrongState. */
export async function undo(tx: Tx, which: Which, by: Actor, now: number): Promise<Undone> {
  requireRight(by, 'keep', which.org)
  await inTurn(tx, which.org)
  const sheet = await sheetAt(tx, which.org, which.sheet)
  const { rowCount } = await tx.query(
    'update asset_imports set undone_at = $2 where id = $1 and applied_at is not null and undone_at is null',
    [sheet.id, iso(now)],
  )
  if (!rowCount)
    throw new WrongState('Only an import that was carried out, and not undone yet, can be undone')
  const { rows } = await tx.query<{ id: number; way: string; before: Part; isLast: boolean }>(
    `select c.asset_id as id, c.way, c.before, c.org_id as org,
       not exists (select 1 from asset_changes n where n.asset_id = c.asset_id and n.id > c.id) as "isLast"
     from asset_changes c where c.import_id = $1 order by c.id desc`,
    [sheet.id],
  )
  const done: Undone = { undone: 0, kept: 0 }
  for (const { id, way, before, isLast } of rows) {
    if (isLast) done.undone += 1
    else done.kept += 1
    if (!isLast) continue
    const asset = await assetAt(tx, id)
    if (way === 'made') await moveAsset(tx, asset, true, by, now)
    else await updateAsset(tx, asset, { ...asset, ...before }, by, now)
  }
  await note(
    tx,
    'undo-import',
    { org: sheet.org, object: `asset-import ${sheet.id}`, detail: { file: sheet.fileName, ...done } },
    by,
    now,
  )
  return done
}
