/** A duty with a rule and an exception, somebody of the hospital's on duty. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedDuty(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<Record<'duty' | 'duty_rule' | 'duty_change' | 'duty_feed', Record<string, string>>> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: number }>(`${sql} returning id`, values)).rows[0]?.id)
  const at = new Date(tuesday)
  const person = await one('insert into people (email, name, created_at) values ($1, $2, $3)', [
    `${mark}-canary-on-duty@people.example`,
    `${mark}-canary on duty`,
    at,
  ])
  await db.engine.query(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'duty', $3)`,
    [person, hospital.id, at],
  )
  await db.engine.query('select people_set_readers($1)', [person])
  const begun = (name: string): Promise<string> =>
    one(
      `insert into duty_schedules (org_id, name, holidays, readers, created_at) values ($1, $2, 'ignored', array[2, 1000 + 4 * $1::int], $3)`,
      [hospital.id, `${mark}-canary-${name}`, at],
    )
  const hours = (from: string, to: string): Promise<string> =>
    one(
      `insert into duty_rules (schedule_id, org_id, weekdays, from_clock, to_clock, added_at) values ($1, $2, '{1,2,3}', $3, $4, $5)`,
      [duty, hospital.id, from, to, at],
    )
  // Of what can be ended one is for people, and one for programs.
  const [duty, schedule] = [await begun('duty'), await begun('schedule')]
  const [rule, turn] = [await hours('07:00', '19:00'), await hours('19:00', '23:00')]
  await db.engine.query('insert into duty_turns (rule_id, org_id, place, person_id) values ($1, $2, 1, $3)', [
    rule,
    hospital.id,
    person,
  ])
  const change = await one(
    `insert into duty_changes (schedule_id, org_id, kind, person_id, from_at, to_at, note, made_by, made_at)
     values ($1, $2, 'remove', $3, $4, $4::timestamptz + interval '1 day', $5, $3, $4)`,
    [duty, hospital.id, person, at, `${mark}-canary-leave`],
  )
  const exception = await one(
    `insert into duty_changes (schedule_id, org_id, kind, person_id, from_at, to_at, note, made_by, made_at)
     values ($1, $2, 'remove', $3, $4, $4::timestamptz + interval '1 day', '', $3, $4)`,
    [duty, hospital.id, person, at],
  )
  const feed = await one(
    `insert into duty_feeds (person_id, schedule_id, token_hash, made_at) values ($1, $2, sha256($3::text::bytea), $4)`,
    [person, duty, `${mark}-canary-feed`, at],
  )
  return {
    duty: { id: duty, schedule, person },
    duty_rule: { id: rule, rule, turn },
    duty_change: { id: change, change, exception },
    duty_feed: { id: feed },
  }
}
