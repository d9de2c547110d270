/** What the walk tries of addresses: what a hospital holds, claims, is offered, and what another claims of it. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedClaims(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<Record<string, Record<string, string>>> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  const another = await one(
    `insert into organisations (name, kind, language, created_at, changed_at, readers)
     values ($1, 'hospital', 'cs', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), '{2}') returning id`,
    // Choices of filters name organisations without a line in the ledger, so this name is no canary.
    [`Poliklinika Jinde (${mark})`, tuesday],
  )
  const scope = 1000 + 4 * hospital.id
  // A refusal names no address, so values may hold the canary.
  const claim = (org: string | number, value: string, delegator: string | null = null): Promise<string> =>
    one(
      `insert into claims (org_id, kind, value, net_from, net_to, role, delegator_id, note, contested, token, asked_at, valid_to, readers)
       values ($1, $2, $3, $4, $4, $5, $6, $7, $8, 'x', to_timestamp($9 / 1000.0), $10, array[2, $11::int]) returning id`,
      [
        ...[org, delegator === null ? 'domain' : 'prefix', value, delegator === null ? null : value],
        ...[
          delegator === null ? 'owner' : 'delegated',
          delegator,
          `${mark}-canary-note`,
          org === another,
          tuesday,
        ],
        ...[delegator === null ? 'infinity' : '2027-01-01', scope],
      ],
    )
  const own = await claim(hospital.id, `${mark}-canary.example`)
  const touched = await claim(another, `${mark}-canary-touched.example`)
  await db.engine.query(
    `insert into claim_holders (claim_id, org_id, relation, noted_at, note, readers) values ($1, $2, 'same', to_timestamp($3 / 1000.0), $4, array[2, $5::int])`,
    [touched, hospital.id, tuesday, `${mark}-canary-said`, scope],
  )
  const offered = await claim(hospital.id, mark === 'ours' ? '192.0.2.99' : '192.0.2.199', another)
  const held = await one(
    `insert into domains (org_id, domain, valid_from) values ($1, $2, to_timestamp($3 / 1000.0)) returning 'd' || id`,
    [hospital.id, `${mark}-canary-held.example`, tuesday],
  )
  const range = await one(`select 'n' || min(id) from networks where org_id = $1`, [hospital.id])
  return { claim: { id: own, touched, offered }, held: { id: held, range } }
}
