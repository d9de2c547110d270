/** What the walk tries of inventories: an item and a file that waits for decisions; nobody but their organisation sees them. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedAssets(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<Record<string, Record<string, string>>> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: number }>(sql, [...values, new Date(tuesday)])).rows[0]?.id)
  const asset = await one(
    `insert into assets (org_id, kind, vendor, product, department, note, source, created_at, changed_at)
     values ($1, 'medical', 'Philips', $2, $2, $2, 'hand', $3, $3) returning id`,
    [hospital.id, `${mark}-canary-asset`],
  )
  await one(
    `insert into asset_changes (asset_id, org_id, at, actor, way, after) values ($1, $2, $4, $3, 'made', jsonb_build_object('product', $3::text)) returning id`,
    [asset, hospital.id, `${mark}-canary-keeper`],
  )
  const sheet = await one(
    `insert into asset_imports (org_id, file_name, format, sha256, lines, refused, taker, taken_at)
     values ($1, $2, 'table', repeat('0', 64), '[]', '[]', $2, $3) returning id`,
    [hospital.id, `${mark}-canary-inventory.csv`],
  )
  return { asset: { asset }, asset_import: { sheet } }
}
