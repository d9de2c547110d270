/** Who a target is at a moment: asked when a step fires, so that a hand-over in between reaches whoever is on duty by then. */
import type { Tx } from '../../platform/database.ts'
import { homeZone } from '../../platform/dates.ts'
import type { Target } from './policy.ts'
import { type Duty, partsOf, rotaOf } from './read.ts'
import { onDuty } from './rota.ts'
import { simpleOf } from './simple.ts'

/** Those who act there now, each with the roles. Null: the coordinators. */
export async function actingAt(tx: Tx, org: number | null, now: number): Promise<Map<number, string[]>> {
  const { rows } = await tx.query<{ person: number; roles: string[] }>(
    `select e.person_id as person, array_agg(distinct e.role) as roles from engagements e
     join people p on p.id = e.person_id and p.disabled_at is null
     where e.valid_from <= to_timestamp($2 / 1000.0) and e.valid_to > to_timestamp($2 / 1000.0)
       and case when $1::int is null then e.role = 'coordinator' else e.org_id = any ((select organisation_with_merged($1))::int[]) end
     group by 1 order by 1`,
    [org, now],
  )
  return new Map(rows.map(({ person, roles }) => [person, roles]))
}

/** Who is on duty by the schedules of one organisation: all of them, or one. */
async function byRota(
  tx: Tx,
  org: number | null,
  only: number | null,
  present: number[],
  { now, zone }: { now: number; zone: string },
): Promise<number[]> {
  const { rows } = await tx.query<{ id: number; holidays: Duty['holidays'] }>(
    `select id, holidays from duty_schedules where ended_at is null and ($2::int is null or id = $2)
       and case when $1::int is null then org_id is null else org_id = any ((select organisation_with_merged($1))::int[]) end`,
    [org, only],
  )
  const found = new Set<number>()
  for (const { id, holidays } of rows) {
    const parts = await partsOf(tx, id, now)
    for (const person of onDuty(rotaOf({ holidays, ...parts }, present, zone), now)) found.add(person)
  }
  return [...found]
}

/**
 * Numbers of the people a target is at `now` (ms since 1970) for an organisation, or for the coordinators (null). Only those who
 * act there now: nobody who left, whatever a schedule says. `tx` reads as the program or as a coordinator.
 */
export async function peopleOf(
  tx: Tx,
  org: number | null,
  target: Target,
  now: number,
  zone: string = homeZone,
): Promise<number[]> {
  if (target === 'coordinator' && org !== null) return peopleOf(tx, null, target, now, zone)
  const acting = await actingAt(tx, org, now)
  const present = [...acting.keys()]
  const withRole = (role: string): number[] =>
    present.filter((one) => org === null || acting.get(one)?.includes(role))
  if (target === 'coordinator') return present
  if ('person' in target) return present.filter((one) => one === target.person)
  if ('schedule' in target) return byRota(tx, org, target.schedule, present, { now, zone })
  if (target.role !== 'duty') return withRole(target.role)
  const called = await byRota(tx, org, null, present, { now, zone })
  if (called.length > 0) return called
  const simple = org === null ? null : await simpleOf(tx, org)
  const contacts = simple?.people.filter((one) => acting.has(one)) ?? []
  return contacts.length > 0 ? contacts : withRole('duty')
}
