/** What the walk tries of documents for programs: ours is public, of theirs there is the name of one that is not. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedCsaf(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<{ csaf: { year: string; file: string } }> {
  const file = (number: string) => `${number.toLowerCase()}.json`
  if (mark === 'theirs') {
    const number = `HSOC-2026-${String(hospital.id).padStart(4, '0')}`
    return { csaf: { year: '2019', file: file(number) } }
  }
  const number = `HSOC-2026-8${String(hospital.id).padStart(3, '0')}`
  const at = new Date(tuesday)
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into written_warnings (number, state, version, author_id, created_at, changed_at, published_at, readers, readers_after)
     values ($1, 'published', 1, $2, $3, $3, $3, '{1}', '{2}') returning id`,
    [number, person, at],
  )
  const text = { title: 'Veřejné varování', happened: 'x', concerns: 'x', todo: 'x' }
  const none = { title: '', happened: '', concerns: '', todo: '' }
  await db.engine.query(
    `insert into written_versions (warning_id, no, state, kind, severity, tlp, audience, texts, translation, rules, readers, author_id, editor_id,
       approver_id, created_at, changed_at, published_at)
     select $1, 1, 'published', 'info', 1, 'CLEAR', 'public', $2, 'missing', '{"all": true, "prefixes": [], "domains": [], "kinds": [], "regions": []}',
       '{1}', $3, $3, (select max(id) from people where id <> $3), $4, $4, $4`,
    [rows[0]?.id, { cs: text, en: none }, person, at],
  )
  return { csaf: { year: '2026', file: file(number) } }
}
