/** What the walk tries of calls: one that runs and asks the hospital, with what was told and said, and a time without drills. */
import { usualAnswers } from '../src/modules/emergency/types.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedRollcall(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<Record<'rollcall' | 'protected_window', Record<string, string>>> {
  const at = new Date(tuesday)
  const one = async (sql: string, values: unknown[]): Promise<number> =>
    Number(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  const author = await one('insert into people (email, name, created_at) values ($1, $2, $3) returning id', [
    `${mark}-caller@people.example`,
    'Autor Výzvy',
    at,
  ])
  const said = `${mark}-canary-call`
  const id = await one(
    `insert into broadcasts (class, state, number, title, body, tlp, answers, within_min, policy, deadline_at, author_id, editor_id, approver_id,
       created_at, changed_at, released_at, readers)
     values ('drill', 'open', $1, $2, $2, 'GREEN', $3, 60, '{"version": 0, "repeat": 0, "steps": []}', $4::timestamptz + interval '1 hour', $5, $5, $5,
       $4, $4, $4, array[2, 1000 + 4 * $6::int]) returning id`,
    [`${hospital.id}/2026`, said, JSON.stringify(usualAnswers), at, author, hospital.id],
  )
  await one(
    `insert into org_rollcalls (broadcast_id, org_id, state, last_step) values ($1, $2, 'pending', 1) returning org_id`,
    [id, hospital.id],
  )
  const attempt = await one(
    `insert into rollcall_attempts (broadcast_id, org_id, step, person_id, channel, address, at) values ($1, $2, 1, $3, 'phone', $4, $5) returning id`,
    [id, hospital.id, person, `${mark}-canary-number`, at],
  )
  await one(
    `insert into rollcall_answers (broadcast_id, org_id, person_id, role, code, note, via, counted, at) values ($1, $2, $3, 'admin', 'seen', $4, 'page', true, $5) returning id`,
    [id, hospital.id, person, `${mark}-canary-said`, at],
  )
  await one(
    `insert into rollcall_log (broadcast_id, org_id, what, detail, at) values ($1, $2, 'stray', $3, $4) returning id`,
    [id, hospital.id, { from: '+420555000000', text: `${mark}-canary-reply` }, at],
  )
  const spared = (): Promise<number> =>
    one(
      `insert into protected_windows (org_id, from_at, to_at, reason, declared_by, declared_at)
       values ($1, $2, $2::timestamptz + interval '8 hours', $3, $4, $2) returning id`,
      [hospital.id, at, `${mark}-canary-window`, person],
    )
  // One for people to take back, and one for programs.
  const [window, period] = [await spared(), await spared()]
  return {
    rollcall: { id: String(id), attempt: String(attempt) },
    protected_window: { window: String(window), period: String(period) },
  }
}
