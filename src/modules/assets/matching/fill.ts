/** What matching needs of the inventory: keys of rows that stand there since before there were any, and what has changed. */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import type { ProductName } from '../../../values/product.ts'
import { keysOf } from './keys.ts'

const atOnce = 1_000

/** Fills the keys of some rows that have none; answers how many. Each call stands for itself, so it goes on where it stopped. */
export function fillKeys(db: Database): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<ProductName & { id: number }>(
      `select id, vendor, product, version, cpe, purl from assets where product_keys is null order by id limit $1 for update skip locked`,
      [atOnce],
    )
    if (rows.length === 0) return 0
    await tx.query(
      `update assets a set vendor_key = k."vendorKey", product_keys = array(select jsonb_array_elements_text(k."productKeys"))
       from jsonb_to_recordset($1) as k (id int, "vendorKey" text, "productKeys" jsonb) where a.id = k.id`,
      [JSON.stringify(rows.map(({ id, ...asset }) => ({ id, ...keysOf(asset) })))],
    )
    return rows.length
  })
}

/** Whether rows are left without keys: until there are none, what is matched would miss them. */
export async function keysAreMissing(tx: Tx): Promise<boolean> {
  return (await tx.query('select 1 from assets where product_keys is null limit 1')).rowCount === 1
}

/** Assets that changed since they were last taken, marked as taken in this transaction. As the program. */
export async function takeChanged(tx: Tx, most: number, now: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `with due as materialized (select id from asset_changes where matched_at is null order by id limit $1 for update skip locked),
     taken as (update asset_changes c set matched_at = $2 from due where c.id = due.id returning asset_id)
     select distinct asset_id as id from taken order by 1`,
    [most, iso(now)],
  )
  return rows.map(({ id }) => id)
}
