/** Two accounts that were merged, which the walk tries to take back. */
import { mergePeople } from '../src/modules/members/doubles/merging.ts'
import type { Actor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { type TestDatabase, tuesday } from './harness.ts'

export async function seedMerging(
  db: TestDatabase,
  mark: 'ours' | 'theirs',
): Promise<{ merging: { merging: string } }> {
  const add = async (which: string): Promise<number> => {
    const { rows } = await db.engine.query<{ id: number }>(
      'insert into people (email, name, created_at) values ($1, $2, to_timestamp($3 / 1000.0)) returning id',
      [`${mark}-canary-${which}@people.example`, `${mark}-canary ${which}`, tuesday],
    )
    return rows[0]?.id ?? 0
  }
  const [person, into, asker] = [await add('double'), await add('kept'), await add('asker')]
  const by: Actor = {
    person: asker,
    name: `${mark}-canary asker`,
    email: `${mark}-canary-asker@people.example`,
    language: 'cs',
    engagements: [{ org: null, orgName: null, role: 'coordinator' }],
  }
  // A power goes over, so that it waits for a second coordinator: the walk's may decide it.
  await db.engine.query(
    `insert into engagements (person_id, role, valid_from) values ($1, 'operator', to_timestamp($2 / 1000.0))`,
    [person, tuesday],
  )
  const wanted = { person, into, reason: `${mark}-canary-merging` }
  const { id } = await asEngine(db, (tx) => mergePeople(tx, wanted, by, tuesday))
  return { merging: { merging: String(id) } }
}
