/** Who a target is at a moment: asked when a step fires, so that a hand-over in between reaches whoever is on duty by then. */
import { kept, type Queryable } from '../../platform/database.ts'
import { homeZone } from '../../platform/dates.ts'
import { gathered } from '../../platform/gathered.ts'
import type { Target } from './policy.ts'
import { type Duty, partsOf, rotaOf } from './read.ts'
import { onDuty } from './rota.ts'
import { simpleOf } from './simple.ts'

interface Acting {
  person: number
  roles: string[]
}

const actingIn = gathered(async (db, asked: { org: number; now: number }[]): Promise<Acting[][]> => {
  const { rows } = await db.query<Acting & { n: number }>(
    kept(`select w.n::int as n, e.person_id as person, array_agg(distinct e.role) as roles
     from unnest($1::int[], $2::float8[]) with ordinality w (org, at, n)
       join engagements e on e.org_id = any ((select organisation_with_merged(w.org))::int[])
         and e.valid_from <= to_timestamp(w.at / 1000.0) and e.valid_to > to_timestamp(w.at / 1000.0)
       join people p on p.id = e.person_id and p.disabled_at is null
     group by 1, 2 order by 1, 2`),
    [asked.map(({ org }) => org), asked.map(({ now }) => now)],
  )
  return asked.map((_, i) => rows.filter(({ n }) => n === i + 1))
})

async function coordinators(tx: Queryable, now: number): Promise<Acting[]> {
  const { rows } = await tx.query<Acting & Record<string, unknown>>(
    kept(`select e.person_id as person, array_agg(distinct e.role) as roles from engagements e
     join people p on p.id = e.person_id and p.disabled_at is null
     where e.role = 'coordinator' and e.valid_from <= to_timestamp($1 / 1000.0) and e.valid_to > to_timestamp($1 / 1000.0)
     group by 1 order by 1`),
    [now],
  )
  return rows
}

/** Those who act there now, each with the roles. Null: the coordinators. */
export async function actingAt(
  tx: Queryable,
  org: number | null,
  now: number,
): Promise<Map<number, string[]>> {
  const found = await (org === null ? coordinators(tx, now) : actingIn(tx, { org, now }))
  return new Map(found.map(({ person, roles }) => [person, roles]))
}

interface Scheduled {
  id: number
  holidays: Duty['holidays']
}

const schedulesOf = gathered(
  async (db, asked: { org: number | null; only: number | null }[]): Promise<Scheduled[][]> => {
    const { rows } = await db.query<Scheduled & { n: number }>(
      kept(`select w.n::int as n, s.id, s.holidays from unnest($1::int[], $2::int[]) with ordinality w (org, wanted, n)
       join duty_schedules s on s.ended_at is null and (w.wanted is null or s.id = w.wanted)
         and case when w.org is null then s.org_id is null else s.org_id = any ((select organisation_with_merged(w.org))::int[]) end
       order by 1, 2`),
      [asked.map(({ org }) => org), asked.map(({ only }) => only)],
    )
    return asked.map((_, i) => rows.filter(({ n }) => n === i + 1))
  },
)

/** Who is on duty by the schedules of one organisation: all of them, or one. */
async function byRota(
  tx: Queryable,
  org: number | null,
  only: number | null,
  present: number[],
  { now, zone }: { now: number; zone: string },
): Promise<number[]> {
  const schedules = await schedulesOf(tx, { org, only })
  const found = new Set<number>()
  for (const { id, holidays } of schedules) {
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
  tx: Queryable,
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
