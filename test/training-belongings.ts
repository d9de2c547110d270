/** A training that is announced, with one of the people signed up (theirs is a draft that only coordinators may see), and one of what came later. */
import { seedAdvisory } from './advisory-belongings.ts'
import { seedBlocklists } from './blocklist-belongings.ts'
import { seedDuty } from './duty-belongings.ts'
import { seedCsaf } from './exchange-belongings.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'
import { seedMatch } from './match-belongings.ts'
import { seedMerging } from './merging-belongings.ts'
import { seedRollcall } from './rollcall-belongings.ts'
import { seedWritten } from './written-belongings.ts'

export async function seedTraining(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<Record<string, Record<string, string>>> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into site_pages (kind, slug_cs, slug_en, menu, created_at) values ('occasion', $1, $1, 'none', to_timestamp($2 / 1000.0)) returning id`,
    [`${mark}-training`, tuesday],
  )
  const id = rows[0]?.id ?? 0
  await db.engine.query(
    `insert into site_versions (page_id, lang, no, title, summary, body, saved_at, publish_at)
     values ($1, 'cs', 1, $2, $2, $2, to_timestamp($3 / 1000.0), case when $4 then to_timestamp($3 / 1000.0) end)`,
    [id, `${mark}-canary-training`, tuesday, mark === 'ours'],
  )
  await db.engine.query(
    `insert into site_occasions (page_id, kind, starts_at, ends_at, place, changed_at, sign_up)
     values ($1, 'training', to_timestamp($2 / 1000.0) + interval '1 day', to_timestamp($2 / 1000.0) + interval '26 hours', $3, to_timestamp($2 / 1000.0), true)`,
    [id, tuesday, `${mark}-canary-room`],
  )
  await db.engine.query(
    `insert into training_places (page_id, org_id, person_id, asked_at) values ($1, $2, $3, to_timestamp($4 / 1000.0))`,
    [id, hospital.id, person, tuesday],
  )
  return {
    training: { id: String(id) },
    ...(await seedMerging(db, mark)),
    ...(await seedDuty(db, hospital, mark)),
    ...(await seedAdvisory(db, mark)),
    ...(await seedMatch(db, hospital, mark, person)),
    ...(await seedBlocklists(db, hospital, mark)),
    ...(await seedWritten(db, hospital, mark, person)),
    ...(await seedCsaf(db, hospital, mark, person)),
    ...(await seedRollcall(db, hospital, mark, person)),
  }
}
