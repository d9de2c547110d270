/** The simple form of a duty, for a hospital without schedules: first, second, third contact, and whether one answers at any hour. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { kept, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid } from '../../platform/errors.ts'
import { gathered } from '../../platform/gathered.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { requirePeople } from './keep.ts'
import { mayKeep } from './may.ts'

export interface SimpleDuty {
  /** In the order in which they are called. */
  people: number[]
  always: boolean
}

export const simpleOf = gathered(async (db, orgs: number[]): Promise<(SimpleDuty | null)[]> => {
  const { rows } = await db.query<SimpleDuty & { org: number }>(
    kept('select org_id as org, people, always from duty_simple where org_id = any ($1::int[])'),
    [orgs],
  )
  const found = new Map(rows.map((row) => [row.org, row]))
  return orgs.map((org) => found.get(org) ?? null)
})

/** Sets it, or with nobody named ends it. Throws Forbidden, Invalid. */
export async function setSimple(
  tx: Tx,
  org: number,
  { people, always }: SimpleDuty,
  by: Actor,
  now: number,
): Promise<void> {
  if (!mayKeep(by, org))
    throw new Forbidden('A duty is kept by the representative, the security manager and the administrators')
  if (new Set(people).size !== people.length) throw new Invalid('Name each once', { people: 'twice' })
  const readers = [COORDINATORS, readersOfOrg(org)]
  if (people.length === 0) {
    await tx.query('delete from duty_simple where org_id = $1', [org])
    // Nothing of it is left by which its score would be found out of date.
    await tx.query('update reach_scores set reckoned_at = to_timestamp(0) where org_id = $1', [org])
  } else {
    await requirePeople(tx, { org }, people, 'people', now)
    await tx.query(
      `insert into duty_simple (org_id, people, always, set_by, set_at, readers) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6)
       on conflict (org_id) do update set people = excluded.people, always = excluded.always, set_by = excluded.set_by,
         set_at = excluded.set_at, readers = excluded.readers`,
      [org, people, always, by.person, now, readers],
    )
  }
  await record(tx, {
    at: now,
    actor: by,
    verb: 'duty.set-simple',
    object: `simple duty ${org}`,
    org,
    detail: { people, always },
    readers,
  })
}
