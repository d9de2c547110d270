/** What the walk tries of written warnings: one that is out for the hospital alone, with its board and a period of single duty. */
import { defaultPolicies } from '../src/modules/duty/policy.ts'
import { passedOn } from '../src/values/scopes.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

/** To whom it was passed on: routes give ours as a sample. */
const receiverOf = { ours: 'Servis', theirs: 'Jiný servis' }

export async function seedWritten(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
  person: number,
): Promise<Record<'written' | 'heartbeat', Record<string, string>>> {
  const one = async (sql: string, values: unknown[]): Promise<number> =>
    Number(Object.values((await db.engine.query(sql, [...values, new Date(tuesday)])).rows[0] as object)[0])
  const author = await one('insert into people (email, name, created_at) values ($1, $2, $3) returning id', [
    `${mark}-author@people.example`,
    'Autorka Varování',
  ])
  const readers = [2, 1000 + 4 * hospital.id, 1000 + 4 * hospital.id + 1, 1000 + 4 * hospital.id + 2]
  const id = await one(
    `insert into written_warnings (number, state, version, author_id, created_at, changed_at, published_at, readers, readers_after)
     values ($1, 'published', 1, $2, $4, $4, $4, $3, '{2}') returning id`,
    [`HSOC-2026-${String(hospital.id).padStart(4, '0')}`, author, readers],
  )
  await db.engine.query('update written_warnings set readers = readers || $2::int where id = $1', [
    id,
    passedOn(id),
  ])
  readers.push(passedOn(id))
  const said = `${mark}-canary-written`
  const text = { title: said, happened: said, concerns: said, todo: said }
  const version = await one(
    `insert into written_versions (warning_id, no, state, kind, severity, tlp, audience, orgs, texts, translation, rules, readers, author_id, editor_id,
       approver_id, created_at, changed_at, published_at)
     values ($1, 1, 'published', 'campaign', 2, 'AMBER', 'organisations', array[$2::int], $3, 'missing',
       '{"all": true, "prefixes": [], "domains": [], "kinds": [], "regions": []}', $4, $5, $5, $6, $7, $7, $7) returning id`,
    [
      id,
      hospital.id,
      { cs: text, en: { title: '', happened: '', concerns: '', todo: '' } },
      readers,
      author,
      person,
    ],
  )
  await one(
    `insert into written_indicators (warning_id, version, kind, value, state, tlp, readers, proposed_by, proposed_at, confirmed_by, confirmed_at, valid_until)
     values ($1, 1, 'domain', $2, 'confirmed', 'AMBER', $3, $4, $6, $5, $6, $6::timestamptz + interval '30 days') returning id`,
    [id, `${mark}-canary-indicator.example`, readers, author, person],
  )
  await db.engine.query('insert into written_named (version_id, person_id) values ($1, $2)', [
    version,
    person,
  ])
  await db.engine.query(
    `insert into written_owners (warning_id, org_id, asked, pieces, what) values ($1, $2, true, 1, $3)`,
    [id, hospital.id, JSON.stringify([{ name: `${mark}-canary-owned`, pieces: 1 }])],
  )
  await db.engine.query('insert into written_numbers (year, last) values (2026, 9000) on conflict do nothing')
  await one(
    `insert into written_asked (warning_id, org_id, version, asked, reasons, asked_at) values ($1, $2, 1, true, '[{"why": "all"}]', $3) returning org_id`,
    [id, hospital.id],
  )
  await one(
    `insert into written_answers (warning_id, org_id, version, person_id, role, answer, note, counted, via, at)
     values ($1, $2, 1, $3, 'admin', 'seen', $4, true, 'page', $5) returning id`,
    [id, hospital.id, person, `${mark}-canary-said`],
  )
  await one(
    `insert into written_steps (warning_id, org_id, version, kind, person_id, note, at) values ($1, $2, 1, 'call', $3, $4, $5) returning id`,
    [id, hospital.id, author, `${mark}-canary-called`],
  )
  const receiver = await one(
    `insert into organisations (name, kind, status, created_at, changed_at) values ($1, 'other', 'follower', $2, $2) returning id`,
    [receiverOf[mark]],
  )
  const passing = await one(
    `insert into written_passings (warning_id, version, org_id, to_org_id, relation, need, people, passed_by, passed_at)
     values ($1, 1, $2, $3, 'supplier', $4, 1, $5, $6) returning id`,
    [id, hospital.id, receiver, `${mark}-canary-need`, person],
  )
  await one(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'admin', $3) returning id`,
    [author, receiver],
  )
  await db.engine.query('insert into written_passed (passing_id, person_id) values ($1, $2)', [
    passing,
    author,
  ])
  const period = await one(
    `insert into single_duty_periods (starts_at, ends_at, reason, declared_by, declared_at)
     values ($2, $2::timestamptz + interval '8 hours', 'Zkušební doba', $1, $2) returning id`,
    [author],
  )
  const climb = (kind: 'csirt' | 'member'): Promise<number> =>
    one(
      `insert into oncall_climbs (kind, cause, written_id, severity, notice_kind, policy, state, taken_at, round_at, began_at, readers)
       values ($1, 'review', $2, 4, 'ladder', $3, 'taken', $4, $4, $4, '{2}') returning id`,
      [kind, id, JSON.stringify(defaultPolicies.csirt)],
    )
  const [own, members] = [await climb('csirt'), await climb('member')]
  const heartbeat = await one(
    `insert into heartbeats (name, interval_min, grace_min, token_hash, made_by, made_at)
     values ($1, 60, 15, sha256(convert_to($1, 'UTF8')), $2, $3) returning id`,
    [`tep ${mark}`, author],
  )
  return {
    heartbeat: { heartbeat: String(heartbeat) },
    written: {
      id: String(id),
      period: String(period),
      passing: String(passing),
      climb: String(own),
      escalation: String(members),
    },
  }
}
