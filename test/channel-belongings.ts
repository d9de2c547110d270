/** What the walk tries of the channels: an address of a hospital that returns mail. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedChannels(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<{ mail_address: { id: string } }> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers)
     values (address_key($1), $1, 6, $2, $2, 'hard', '550 no such user', array[2, $3::int]) returning id`,
    [`${mark}-canary-lost@people.example`, new Date(tuesday), 1000 + 4 * hospital.id],
  )
  return { mail_address: { id: String(rows[0]?.id) } }
}
