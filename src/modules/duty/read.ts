/** Duties as their readers see them: read as the actor of the transaction. */
import type { Queryable, Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { ClockTime, LocalTime, Override, RotationKind, Rule, Schedule, Weekday } from './rota.ts'

export interface DutyLine {
  id: number
  /** Null: the coordinators' own. */
  org: number | null
  orgName: string | null
  name: string
}

export interface DutyRule {
  id: number
  weekdays: Weekday[]
  from: ClockTime
  to: ClockTime
  rotation: { kind: RotationKind; length: number; start: LocalTime } | null
  people: number[]
}

export interface DutyChange {
  id: number
  kind: 'add' | 'remove' | 'replace' | 'temporary'
  person: number
  standIn: number | null
  /** ms since 1970 */
  from: number
  to: number
  note: string
}

export interface Duty extends DutyLine {
  holidays: Schedule['holidays']
  rules: DutyRule[]
  /** Those that are not over. */
  changes: DutyChange[]
  /** Who is named in it; `acts`: may still be on duty here. */
  people: Map<number, { name: string; acts: boolean }>
}

const lines = `select s.id, s.org_id as org, o.name as "orgName", s.name, s.holidays
  from duty_schedules s left join organisations o on o.id = s.org_id where s.ended_at is null`

type Line = DutyLine & Pick<Duty, 'holidays'>

/** All that the reader may see; of each organisation by name. */
export async function duties(tx: Tx): Promise<DutyLine[]> {
  const { rows } = await tx.query<Line & Record<string, unknown>>(
    `${lines} order by o.name collate "cs-x-icu" nulls first, s.name collate "cs-x-icu", s.id`,
  )
  return rows
}

/** Of those that the reader may see, the ones that name the reader. */
export async function dutiesNaming(tx: Tx): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select s.id from duty_schedules s where s.ended_at is null and (
       exists (select 1 from duty_turns t join duty_rules r on r.id = t.rule_id
         where r.schedule_id = s.id and r.ended_at is null and t.person_id = (select actor_person()))
       or exists (select 1 from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null
         and (select actor_person()) in (c.person_id, c.stand_in)))
     order by s.id limit 200`,
  )
  return rows.map(({ id }) => id)
}

/** One of them, whole, with what holds at `now` (ms since 1970) and later. Throws NotFound. */
export async function dutyAt(tx: Tx, id: number, now: number): Promise<Duty> {
  const { rows } = await tx.query<Line & Record<string, unknown>>(`${lines} and s.id = $1`, [id])
  const line = rows[0]
  if (!line) throw new NotFound('There is no such duty')
  const { rules, changes } = await partsOf(tx, id, now)
  const people = await tx.query<{ id: number; name: string; acts: boolean }>(
    'select * from duty_people($1)',
    [id],
  )
  return { ...line, rules, changes, people: new Map(people.rows.map((one) => [one.id, one])) }
}

/** The rules of a duty, and what holds at `now` and later instead of them. */
export async function partsOf(
  tx: Queryable,
  id: number,
  now: number,
): Promise<Pick<Duty, 'rules' | 'changes'>> {
  const rules = await tx.query<Omit<DutyRule, 'rotation'> & Record<string, unknown>>(
    `select r.id, r.org_id as org, r.weekdays, r.from_clock as from, r.to_clock as to, r.rotation as kind, r.turn_length as length,
       to_char(r.turn_start, 'YYYY-MM-DD"T"HH24:MI') as start,
       array(select t.person_id from duty_turns t where t.rule_id = r.id order by t.place) as people
     from duty_rules r where r.schedule_id = $1 and r.ended_at is null order by r.id`,
    [id],
  )
  const changes = await tx.query<DutyChange & Record<string, unknown>>(
    `select id, org_id as org, kind, person_id as person, stand_in as "standIn", note,
       (extract(epoch from from_at) * 1000)::float8 as from, (extract(epoch from to_at) * 1000)::float8 as to
     from duty_changes where schedule_id = $1 and withdrawn_at is null and to_at > $2 order by from_at, id`,
    [id, new Date(now).toISOString()],
  )
  return { rules: rules.rows.map(ruleOf), changes: changes.rows }
}

const ruleOf = (row: Omit<DutyRule, 'rotation'> & Record<string, unknown>): DutyRule => ({
  id: row.id,
  weekdays: row.weekdays,
  from: row.from,
  to: row.to,
  people: row.people,
  rotation:
    row.kind === null
      ? null
      : { kind: row.kind as RotationKind, length: Number(row.length), start: String(row.start) }, // checked by the table
})

/** What the reading of a schedule needs of it. */
export const scheduleOf = (duty: Duty, zone: string): Schedule =>
  rotaOf(
    duty,
    [...duty.people].flatMap(([id, { acts }]) => (acts ? [id] : [])),
    zone,
  )

/** The same for people of whom it is known already who acts. */
export const rotaOf = (
  duty: Pick<Duty, 'holidays' | 'rules' | 'changes'>,
  present: number[],
  zone: string,
): Schedule => ({
  zone,
  holidays: duty.holidays,
  present,
  rules: duty.rules.map(
    ({ weekdays, from, to, rotation, people }): Rule => ({
      weekdays,
      from,
      to,
      who: rotation ? { rotation: { ...rotation, people } } : { person: people[0] ?? 0 },
    }),
  ),
  overrides: duty.changes.flatMap(({ kind, person, standIn, from, to }): Override[] => {
    if (kind === 'temporary') return []
    return kind === 'replace'
      ? [{ kind, person, by: standIn ?? person, from, to }]
      : [{ kind, person, from, to }]
  }),
  temporary: duty.changes.flatMap(({ kind, person, from, to }) =>
    kind === 'temporary' ? [{ from, to, people: [person] }] : [],
  ),
})
