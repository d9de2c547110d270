/** An advisory that concerns an asset of the hospital, and what its people said of it; nobody else sees that it does. */
import { keysOf } from '../src/modules/assets/index.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedMatch(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<Record<'match' | 'match_asset', Record<string, string>>> {
  const at = new Date(tuesday)
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: number }>(`${sql} returning id`, values)).rows[0]?.id)
  const source = await one(
    `insert into advisory_sources (kind, label, tlp, every_minutes, created_at, changed_at, due_at)
     values ('csaf-file', $1, 'CLEAR', 60, $2, $2, $2)`,
    [`${mark} files`, at],
  )
  const advisory = await one(
    `insert into advisories (source_id, kind, namespace, tracking_id, publisher, seq, version, state, title, tlp, readers, says_exploited,
       patient_safety, words, content_hash, released_at, revised_at, taken_at, changed_at)
     values ($1, 'csaf', 'pumpy', $2, 'Pumpy', 1, '1', 'final', 'Pumpa', 'CLEAR', '{1}', false, true, 'pumpa', 'x', $3, $3, $3, $3)`,
    [source, `${mark}-match`, at],
  )
  const content = {
    ...{
      kind: 'csaf',
      namespace: 'pumpy',
      id: `${mark}-match`,
      publisher: 'Pumpy',
      version: '1',
      state: 'final',
    },
    ...{
      category: 'x',
      title: 'Pumpa',
      lang: 'cs',
      tlp: 'CLEAR',
      releasedAt: at,
      revisedAt: at,
      severity: null,
    },
    ...{ notes: [], references: [], revisions: [], products: [], vulnerabilities: [], patientSafety: true },
  }
  await one(
    `insert into advisory_versions (advisory_id, seq, version, tlp, content, content_hash, signature, hash_checked, revised_at, taken_at)
     values ($1, 1, '1', 'CLEAR', $2, 'x', 'none', false, $3, $3)`,
    [advisory, JSON.stringify(content), at],
  )
  const named = { vendor: 'Pumpy', product: `${mark}-canary-pump`, version: null, cpe: null, purl: null }
  const { vendorKey, productKeys } = keysOf(named)
  const asset = await one(
    `insert into assets (org_id, kind, vendor, product, department, vendor_key, product_keys, source, created_at, changed_at)
     values ($1, 'medical', 'Pumpy', $2, $2, $4, $5, 'hand', $3, $3)`,
    [hospital.id, named.product, at, vendorKey, productKeys],
  )
  await one(
    `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves)
     values ($1, 'known_affected', 'Pumpy', $2, '', $2, '{}', '{}')`,
    [advisory, named.product],
  )
  const match = await one(
    `insert into match_items (org_id, advisory_id, seq, severity, exploited, patient_safety, sure, pieces, departments, confirmed, opened_at, changed_at)
     values ($1, $2, 1, 3, false, true, 0.9, 1, 1, false, $3, $3)`,
    [hospital.id, advisory, at],
  )
  const products = [{ vendor: 'Pumpy', product: named.product, versions: '' }]
  const why = [{ about: 'words', words: [`${mark}-canary-word`] }]
  await db.engine.query(
    'insert into match_assets (item_id, asset_id, org_id, sure, why, products) values ($1, $2, $3, 0.9, $4, $5)',
    [match, asset, hospital.id, JSON.stringify(why), JSON.stringify(products)],
  )
  await db.engine.query(
    `insert into match_changes (item_id, org_id, at, kind, person_id, actor, role, detail)
     values ($1, $2, $3, 'answer', $4, $5, 'admin', jsonb_build_object('answer', 'seen', 'note', $5::text))`,
    [match, hospital.id, at, person, `${mark}-canary-answer`],
  )
  return { match: { id: match }, match_asset: { id: match, asset } }
}
