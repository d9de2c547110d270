/** What the walk tries of groups: ours is public, of theirs only they and coordinators may know. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

/** A group with somebody's seat, a request of `colleague`, an invitation of the party's own, and two for those who walk. */
export async function seedGroup(
  db: TestDatabase,
  {
    hospital,
    mark,
    owner,
    colleague,
  }: { hospital: Hospital; mark: 'ours' | 'theirs'; owner: number; colleague: number },
): Promise<Record<string, Record<string, string>>> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String(Object.values((await db.engine.query(sql, [...values, new Date(tuesday)])).rows[0] as object)[0])
  const slug = `skupina-${mark}`
  const group = await one(
    `insert into groups (slug, name, purpose_cs, joining, tlp_max, public, created_at, changed_at)
     values ($1, $2, $2, 'request', 'AMBER', $3, $4, $4) returning id`,
    [slug, mark === 'ours' ? 'Skupina pro všechny' : 'Skupina pro někoho', mark === 'ours'],
  )
  // Nobody else's deed of the walk ends this one's role.
  const seated = await one('insert into people (email, name, created_at) values ($1, $2, $3) returning id', [
    `${mark}-canary-seated@people.example`,
    `${mark}-canary seated ${hospital.id}`,
  ])
  await one(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'dpo', $3) returning id`,
    [seated, hospital.id],
  )
  await one(
    `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
     values ($1, $2, $3, 'manual', 'held', $4, $2, $5, $5::timestamptz + interval '300 days') returning id`,
    [group, seated, hospital.id, `${mark}-canary-seat`],
  )
  const seat = await one(
    `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since)
     values ($1, $2, $3, 'asked', 'asked', $4, $2, $5) returning id`,
    [group, colleague, hospital.id, `${mark}-canary-request`],
  )
  const invited = (address: string): Promise<string> =>
    one(
      `insert into group_invitations (group_id, address, reason, seat_until, invited_by, invited_at, expires_at)
       values ($1, $2, $3, $5::timestamptz + interval '300 days', $4, $5, $5::timestamptz + interval '30 days') returning id`,
      [group, address, `${mark}-canary-invitation`, owner],
    )
  const invitation = await invited(`${mark}-canary-invited@people.example`)
  // The people of the walk act for ours.
  if (mark === 'ours') for (const role of ['admin', 'duty']) await invited(`osoba-${role}@people.example`)
  // Not the one that the walk closes.
  const keyed = `skupina-s-klicem-${mark}`
  const led = await one(
    `insert into groups (slug, name, purpose_cs, joining, tlp_max, public, created_at, changed_at)
     values ($1, $1, $1, 'closed', 'AMBER', false, $2, $2) returning id`,
    [keyed],
  )
  const key = await one(
    `insert into group_keys (group_id, label, key_hash, made_by, made_at, expires_at)
     values ($1, $2, sha256(convert_to($2, 'UTF8')), $3, $4, $4::timestamptz + interval '300 days') returning id`,
    [led, `${mark}-canary-group-key`, owner],
  )
  return {
    group_key: { id: key },
    group: { slug, led: keyed },
    group_seat: { seat, seated },
    group_invitation: { invitation },
  }
}
