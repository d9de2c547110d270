import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

/** What the walk tries: a contact that coordinators see, proved, and one that is for the organisation alone. */
export async function seedContacts(db: TestDatabase, hospital: Hospital, mark: string): Promise<string> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: number }>(sql, values)).rows[0]?.id)
  const own = 1000 + 4 * hospital.id
  const point = (name: string, readers: number[]) =>
    one(
      `insert into contact_points (org_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, 'other', $2, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), 'call') returning id`,
      [hospital.id, name, readers, tuesday],
    )
  const entry = (of: string, purpose: string, visibility: string, readers: number[]) =>
    one(
      `insert into contact_entries (point_id, org_id, purpose, place, visibility, readers) values ($1, $2, $3, 1, $4, $5) returning id`,
      [of, hospital.id, purpose, visibility, readers],
    )
  const shared = await point(`${mark}-canary-contact`, [2, own])
  await entry(shared, 'security', 'coordinators', [2, own])
  const hidden = await point(`${mark}-canary-hidden`, [own])
  await entry(hidden, 'management', 'own', [own])
  return shared
}
