/** Break-glass access to a hospital that is over, with a comment on it: what the walk tries of it. */
import { commentGlass, openGlass } from '../src/modules/trail/glass.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedGlass(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<{ glass: { glass: string } }> {
  const at = tuesday - 2 * 3_600_000
  const by: Actor = {
    person,
    name: `${mark}-canary coordinator`,
    email: `${mark}-canary@people.example`,
    language: 'cs',
    engagements: [{ org: null, orgName: null, role: 'coordinator' }],
  }
  const id = await asActor(db, by, at, async (tx) => {
    const opened = await openGlass(tx, { org: hospital.id, reason: `${mark}-canary-reason` }, by, at)
    await commentGlass(tx, opened, `${mark}-canary-comment`, by, at)
    return opened
  })
  return { glass: { glass: String(id) } }
}
