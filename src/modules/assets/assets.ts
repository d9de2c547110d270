/** Assets made, changed, removed and brought back; each change stands in the asset's history and in the trail. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { readersOfOrg } from '../../values/scopes.ts'
import {
  type Asset,
  type AssetField,
  type AssetValues,
  columns,
  differing,
  fields,
  type Part,
  pick,
  type Source,
} from './asset.ts'
import { keysOf } from './matching/keys.ts'
import { requireReader, requireRight } from './may.ts'
import { assetAt } from './queries.ts'
import { type Given, sound } from './understand.ts'

/** Of one organisation; far more than a university hospital writes down. */
export const mostAssets = 20_000

type Way = 'made' | 'changed' | 'removed' | 'restored'

/** Changes of one organisation's inventory come one after another. */
export const inTurn = (tx: Tx, org: number): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtext('inventory of organisation'), $1)`, [org])

/** Throws Invalid where the inventory would grow past its limit. */
export async function requireRoom(tx: Tx, org: number, more: number): Promise<void> {
  const { rows } = await tx.query<{ n: number }>(
    'select count(*)::int as n from assets where org_id = $1 and removed_at is null',
    [org],
  )
  if ((rows[0]?.n ?? 0) + more > mostAssets)
    throw new Invalid(`An inventory holds at most ${mostAssets} items.`, { product: 'full' })
}

/** Coordinators have no part in it, so the trail of an inventory is its organisation's too. */
export async function note(
  tx: Tx,
  verb: string,
  about: { org: number; object: string; detail?: object },
  by: Actor,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: `assets.${verb}`,
    object: about.object,
    org: about.org,
    detail: about.detail ?? {},
    readers: [readersOfOrg(about.org)],
  })
}

/** A line of the history. */
export async function remember(
  tx: Tx,
  change: { asset: number; org: number; way: Way; before?: Part; after?: Part; importId?: number | null },
  by: Actor,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into asset_changes (asset_id, org_id, at, person_id, actor, way, import_id, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[change.asset, change.org, iso(now), by.person || null, by.name, change.way],
      ...[change.importId ?? null, JSON.stringify(change.before ?? {}), JSON.stringify(change.after ?? {})],
    ],
  )
}

const names = fields.map((field) => columns[field])
const valuesOf = (values: AssetValues): unknown[] => {
  const { vendorKey, productKeys } = keysOf(values)
  return [...fields.map((field) => values[field]), vendorKey, productKeys]
}

/** What of a new row its history keeps: whatever was said of it. */
const said = `jsonb_strip_nulls(jsonb_build_object(
  'kind', m.kind, 'vendor', nullif(m.vendor, ''), 'product', m.product, 'version', m.version, 'runsOn', nullif(m.runs_on, ''),
  'quantity', m.quantity, 'serials', case when m.serials <> '{}' then to_jsonb(m.serials) end, 'department', nullif(m.department, ''),
  'zone', nullif(m.zone, ''), 'segmented', m.segmented, 'owner', nullif(m.owner, ''), 'patientSafety', nullif(m.patient_safety, false),
  'supportEndsOn', to_char(m.support_ends_on, 'YYYY-MM-DD'), 'cpe', m.cpe, 'purl', m.purl, 'note', nullif(m.note, '')))`

/** Writes rows and their history in one step, without a line of the trail: an import has one for all. Answers their numbers. */
export async function insertAssets(
  tx: Tx,
  given: { org: number; all: readonly AssetValues[]; source: Source; importId?: number },
  by: Actor,
  now: number,
): Promise<number[]> {
  const rows = given.all.map((values) => {
    const { vendorKey, productKeys } = keysOf(values)
    return {
      ...Object.fromEntries(fields.map((field) => [columns[field], values[field]])),
      ...{ vendor_key: vendorKey, product_keys: productKeys },
    }
  })
  const { rows: made } = await tx.query<{ id: number }>(
    `with made as (
       insert into assets (org_id, source, created_at, changed_at, ${names.join(', ')}, vendor_key, product_keys)
       select $1, $2, $3, $3, kind, vendor, product, version, runs_on, quantity, array(select jsonb_array_elements_text(serials)), department,
         zone, segmented, owner, patient_safety, support_ends_on, cpe, purl, note, vendor_key,
         array(select jsonb_array_elements_text(product_keys))
       from jsonb_to_recordset($4) as v (kind text, vendor text, product text, version text, runs_on text, quantity int, serials jsonb,
         department text, zone text, segmented boolean, owner text, patient_safety boolean, support_ends_on date, cpe text, purl text, note text,
         vendor_key text, product_keys jsonb)
       returning *)
     insert into asset_changes (asset_id, org_id, at, person_id, actor, way, import_id, after)
     select m.id, m.org_id, m.created_at, $5, $6, 'made', $7, ${said} from made m order by m.id returning asset_id as id`,
    [
      ...[given.org, given.source, iso(now), JSON.stringify(rows)],
      ...[by.person || null, by.name, given.importId ?? null],
    ],
  )
  return made.map(({ id }) => id)
}

/** Writes what differs and its history; answers the fields, none where nothing does. */
export async function updateAsset(
  tx: Tx,
  before: Asset,
  after: AssetValues,
  by: Actor,
  now: number,
  importId: number | null = null,
): Promise<AssetField[]> {
  const changed = differing(before, after)
  if (changed.length === 0) return []
  const { rowCount } = await tx.query(
    `update assets set changed_at = $2, ${[...names, 'vendor_key', 'product_keys'].map((name, i) => `${name} = $${i + 3}`).join(', ')}
     where id = $1 and removed_at is null`,
    [before.id, iso(now), ...valuesOf(after)],
  )
  if (!rowCount) throw new WrongState('This item has been removed')
  await remember(
    tx,
    {
      ...{ asset: before.id, org: before.org, way: 'changed', importId },
      ...{ before: pick(before, changed), after: pick(after, changed) },
    },
    by,
    now,
  )
  return changed
}

/** Throws NotFound, Forbidden, Invalid with a code for each field. */
export async function addAsset(
  tx: Tx,
  org: number,
  given: Given,
  source: Source,
  by: Actor,
  now: number,
): Promise<number> {
  requireRight(by, 'keep', org)
  const values = sound({ product: '', ...given })
  await inTurn(tx, org)
  await requireRoom(tx, org, 1)
  const [id = 0] = await insertAssets(tx, { org, all: [values], source }, by, now)
  await note(tx, 'add', { org, object: `asset ${id}`, detail: { title: titleOf(values) } }, by, now)
  return id
}

/** Fields that are not given stay. Throws as `addAsset`, and WrongState for what was removed. */
export async function changeAsset(
  tx: Tx,
  id: number,
  given: Given,
  by: Actor,
  now: number,
): Promise<AssetField[]> {
  const before = await assetForKeeper(tx, id, by)
  const changed = await updateAsset(tx, before, sound(given, before), by, now)
  if (changed.length > 0)
    await note(
      tx,
      'change',
      { org: before.org, object: `asset ${id}`, detail: { title: titleOf(before), fields: changed } },
      by,
      now,
    )
  return changed
}

/** Removes it from the inventory, or brings it back; the history stays. Throws NotFound, Forbidden, WrongState. */
export async function setRemoved(tx: Tx, id: number, gone: boolean, by: Actor, now: number): Promise<void> {
  const one = await assetForKeeper(tx, id, by)
  if (!gone) await requireRoom(tx, one.org, 1)
  await moveAsset(tx, one, gone, by, now)
  const verb = gone ? 'remove' : 'restore'
  await note(tx, verb, { org: one.org, object: `asset ${id}`, detail: { title: titleOf(one) } }, by, now)
}

/** The same without a line of the trail. */
export async function moveAsset(
  tx: Tx,
  one: Asset,
  gone: boolean,
  by: Actor,
  now: number,
  importId: number | null = null,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update assets set removed_at = case when $2 then $3::timestamptz end, changed_at = $3 where id = $1 and (removed_at is null) = $2`,
    [one.id, gone, iso(now)],
  )
  if (!rowCount) throw new WrongState(gone ? 'It has been removed already' : 'It has not been removed')
  await remember(tx, { asset: one.id, org: one.org, way: gone ? 'removed' : 'restored', importId }, by, now)
}

async function assetForKeeper(tx: Tx, id: number, by: Actor): Promise<Asset> {
  const found = await assetAt(tx, id)
  requireReader(by, found.org)
  requireRight(by, 'keep', found.org)
  await inTurn(tx, found.org)
  return assetAt(tx, id)
}

/** "Philips IntelliVue MX800 C.03" */
export const titleOf = (one: Pick<AssetValues, 'vendor' | 'product' | 'version'>): string =>
  [one.vendor, one.product, one.version].filter((part) => part !== null && part !== '').join(' ')

/** Throws NotFound to whoever does not read it. */
export async function readAsset(tx: Tx, id: number, by: Actor): Promise<Asset> {
  const found = await assetAt(tx, id)
  if (!by.engagements.some((one) => one.org === found.org)) throw new NotFound('There is no such item')
  return found
}
