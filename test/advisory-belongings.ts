/** What the walk tries of advisories: ours everybody may read, theirs only coordinators. */
import { type TestDatabase, tuesday } from './harness.ts'

export async function seedAdvisory(
  db: TestDatabase,
  mark: 'ours' | 'theirs',
): Promise<Record<string, Record<string, string>>> {
  const at = new Date(tuesday)
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  const open = mark === 'ours'
  const source = await one(
    `insert into advisory_sources (kind, label, url, tlp, every_minutes, created_at, changed_at, due_at)
     values ('feed', $1, 'https://zdroj.example/feed', $2, 60, $3, $3, $3) returning id`,
    [`${mark}-canary-source`, open ? 'CLEAR' : 'AMBER', at],
  )
  const title = open ? 'Oznámení pro všechny' : 'theirs-canary-advisory'
  const advisory = await one(
    `insert into advisories (source_id, kind, namespace, tracking_id, publisher, seq, version, state, title, tlp, readers, says_exploited,
       patient_safety, words, content_hash, released_at, revised_at, taken_at, changed_at)
     values ($1, 'hand', 'hsoc:hand', $2, 'hSOC', 1, '1', 'final', $3, $4, $5, false, false, lower($3), 'x', $6, $6, $6, $6) returning id`,
    [source, mark, title, open ? 'CLEAR' : 'AMBER', open ? [1] : [2], at],
  )
  const day = at.toISOString()
  const content = {
    ...{ kind: 'hand', namespace: 'hsoc:hand', id: mark, publisher: 'hSOC', version: '1', state: 'final' },
    ...{
      category: 'hand',
      title,
      lang: 'cs',
      tlp: open ? 'CLEAR' : 'AMBER',
      releasedAt: day,
      revisedAt: day,
    },
    ...{ notes: [], references: [], revisions: [], products: [], vulnerabilities: [], severity: null },
    patientSafety: false,
  }
  await one(
    `insert into advisory_versions (advisory_id, seq, version, tlp, content, content_hash, signature, hash_checked, revised_at, taken_at)
     values ($1, 1, '1', $2, $3, 'x', 'none', false, $4, $4) returning id`,
    [advisory, open ? 'CLEAR' : 'AMBER', JSON.stringify(content), at],
  )
  await one(
    `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves)
     values ($1, 'known_affected', 'Pumpy', $2, '', $2, '{}', '{}') returning id`,
    [advisory, open ? 'Pumpa' : 'theirs-canary-product'],
  )
  const document = await one(
    `insert into advisory_quarantine (source_id, url, reason, sha256, at) values ($1, $2, 'invalid', 'x', $3) returning id`,
    [source, `https://zdroj.example/${mark}-canary-document`, at],
  )
  return { advisory: { id: advisory }, advisory_source: { id: source }, advisory_document: { id: document } }
}
