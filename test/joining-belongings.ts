/** What the walk tries of joining: somebody asks to act for each hospital, which has put a step off and asked for a test. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedJoining(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  { owner, warning }: { owner: number; warning: string },
): Promise<Record<string, Record<string, string>>> {
  const at = new Date(tuesday)
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into applications (kind, language, organisation, org_kind, name, position, email, message, org_id, token_hash, token_until, applied_at, confirmed_at)
     values ('work', 'cs', $1, 'hospital', $2, $2, $3, $2, $4, sha256($2::text::bytea), 'infinity', $5, $5) returning id`,
    [hospital.name, `${mark}-canary-applicant`, `${mark}-canary-applicant@people.example`, hospital.id, at],
  )
  const id = rows[0]?.id
  await db.engine.query(
    `insert into application_moves (application_id, org_id, step, reason, actor, at) values ($1, $2, 'confirmed', $3, $3, $4)`,
    [id, hospital.id, `${mark}-canary-move`, at],
  )
  await db.engine.query(
    `insert into register_entries (ico, name) select '00000001', 'Nemocnice Zapsaná' where not exists (select 1 from register_entries)`,
  )
  await db.engine.query(
    `insert into register_loads (file_name, sha256, entries, loaded_at) values ('x.csv', repeat('0', 64), 1, $1)`,
    [at],
  )
  await db.engine.query(
    'insert into joining_tests (warning_id, org_id, asked_by, at) values ($1, $2, $3, $4)',
    [warning, hospital.id, owner, at],
  )
  return { application: { id: String(id) } }
}
