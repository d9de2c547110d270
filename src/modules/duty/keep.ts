/** Duties begun, given rules and changes, and ended; each leaves its line in the trail. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { mayKeep } from './may.ts'
import type { DutyChange, DutyRule } from './read.ts'

export interface WantedDuty {
  /** Null: the coordinators' own. */
  org: number | null
  name: string
  holidays: 'ignored' | 'sunday'
}

export type WantedRule = Omit<DutyRule, 'id'>
export type WantedChange = Omit<DutyChange, 'id'>

const iso = (at: number): string => new Date(at).toISOString()
const mostDuties = 20
const mostRules = 50
const mostChanges = 500
const longestChangeMs = 366 * 86_400_000

const readersOf = (org: number | null): number[] =>
  org === null ? [COORDINATORS] : [COORDINATORS, readersOfOrg(org)]

/** Throws NotFound for whoever may not see it, Forbidden for whoever only reads it. Others wait until the transaction ends. */
async function held(tx: Tx, id: number, by: Actor): Promise<{ org: number | null; readers: number[] }> {
  const { rows } = await tx.query<{ org: number | null; readers: number[] }>(
    'select org_id as org, readers from duty_schedules where id = $1 and ended_at is null for update',
    [id],
  )
  const found = rows[0]
  const isReader =
    found &&
    (found.org === null
      ? mayKeep(by, null)
      : by.engagements.some((e) => e.org === found.org || e.role === 'coordinator'))
  if (!found || !isReader) throw new NotFound('There is no such duty')
  if (!mayKeep(by, found.org))
    throw new Forbidden('A duty is kept by the representative, the security manager and the administrators')
  return found
}

const count = async (tx: Tx, sql: string, value: number | null): Promise<number> =>
  (await tx.query<{ n: number }>(sql, [value])).rows[0]?.n ?? 0

/** Throws Invalid, with the field, when somebody is named who does not act there. */
export async function requirePeople(
  tx: Tx,
  { org }: { org: number | null },
  people: number[],
  field: string,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(distinct e.person_id)::int as n from engagements e join people p on p.id = e.person_id
     where e.person_id = any ($1) and p.disabled_at is null and e.valid_from <= $2 and e.valid_to > $2
       and case when $3::int is null then e.role = 'coordinator' else e.org_id = $3 end`,
    [people, iso(now), org],
  )
  if (people.length === 0 || rows[0]?.n !== new Set(people).size)
    throw new Invalid('Choose people who act here', { [field]: 'people' })
}

/** Throws Invalid when the person takes no turn there. */
async function requireNamed(tx: Tx, id: number, person: number): Promise<void> {
  const { rowCount } = await tx.query(
    `select 1 from duty_turns t join duty_rules r on r.id = t.rule_id
     where r.schedule_id = $1 and r.ended_at is null and t.person_id = $2
     union all select 1 from duty_changes where schedule_id = $1 and withdrawn_at is null and $2 in (person_id, stand_in)`,
    [id, person],
  )
  if (!rowCount) throw new Invalid('This person has no duty here', { whom: 'not-there' })
}

/** Begins a duty and answers its number. Throws Forbidden, Invalid. */
export async function beginDuty(tx: Tx, wanted: WantedDuty, by: Actor, now: number): Promise<number> {
  const { org, holidays } = wanted
  const name = wanted.name.trim()
  if (!mayKeep(by, org)) throw new Forbidden('You keep no duty there')
  if (name === '') throw new Invalid('Give the duty a name', { name: 'name' })
  await tx.query(`select pg_advisory_xact_lock(hashtext('duties of'), $1)`, [org ?? 0])
  const sql =
    'select count(*)::int as n from duty_schedules where org_id is not distinct from $1 and ended_at is null'
  if ((await count(tx, sql, org)) >= mostDuties)
    throw new WrongState('There are as many duties as there may be')
  const { rows } = await tx.query<{ id: number }>(
    `insert into duty_schedules (org_id, name, holidays, readers, created_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning id`,
    [org, name, holidays, readersOf(org), iso(now)],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Invalid('A duty of this name is there already', { name: 'taken' })
  await tell(tx, { verb: 'begin', id, org, readers: readersOf(org), detail: { name } }, by, now)
  return id
}

/** Adds a window of the week. Throws NotFound, Forbidden, Invalid. */
export async function addRule(tx: Tx, id: number, rule: WantedRule, by: Actor, now: number): Promise<number> {
  const duty = await held(tx, id, by)
  await requirePeople(tx, duty, rule.people, 'people', now)
  const sql = 'select count(*)::int as n from duty_rules where schedule_id = $1 and ended_at is null'
  if ((await count(tx, sql, id)) >= mostRules) throw new WrongState('There are as many rules as there may be')
  const { rotation } = rule
  const { rows } = await tx.query<{ id: number }>(
    `insert into duty_rules (schedule_id, org_id, weekdays, from_clock, to_clock, rotation, turn_length, turn_start, added_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      id,
      duty.org,
      rule.weekdays,
      rule.from,
      rule.to,
      rotation?.kind,
      rotation?.length,
      rotation?.start,
      iso(now),
    ],
  )
  const added = rows[0]?.id as number // one row was written
  await tx.query(
    `insert into duty_turns (rule_id, org_id, place, person_id)
     select $1, $2, place, person from unnest($3::int[]) with ordinality as t (person, place)`,
    [added, duty.org, rule.people],
  )
  await tell(tx, { verb: 'add-rule', id, ...duty, detail: { rule: added, people: rule.people } }, by, now)
  return added
}

/** Takes a window out. Throws NotFound, Forbidden. */
export async function endRule(tx: Tx, id: number, rule: number, by: Actor, now: number): Promise<void> {
  const duty = await held(tx, id, by)
  const { rowCount } = await tx.query(
    'update duty_rules set ended_at = $3 where id = $2 and schedule_id = $1 and ended_at is null',
    [id, rule, iso(now)],
  )
  if (!rowCount) throw new NotFound('There is no such rule')
  await tell(tx, { verb: 'end-rule', id, ...duty, detail: { rule } }, by, now)
}

/** Changes who is on duty for a while. Throws NotFound, Forbidden, Invalid. */
export async function change(
  tx: Tx,
  id: number,
  wanted: WantedChange,
  by: Actor,
  now: number,
): Promise<number> {
  const duty = await held(tx, id, by)
  const { kind, person, standIn, from, to } = wanted
  if (to <= from || to <= now)
    throw new Invalid('The end lies before the beginning or in the past', { to: 'order' })
  if (to - from > longestChangeMs) throw new Invalid('A change lasts at most a year', { to: 'long' })
  if (kind === 'remove' || kind === 'replace') await requireNamed(tx, id, person)
  if (kind !== 'remove')
    await requirePeople(tx, duty, [standIn ?? person], standIn ? 'stand_in' : 'whom', now)
  const sql =
    'select count(*)::int as n from duty_changes where schedule_id = $1 and withdrawn_at is null and to_at > now()'
  if ((await count(tx, sql, id)) >= mostChanges)
    throw new WrongState('There are as many changes as there may be')
  const { rows } = await tx.query<{ id: number }>(
    `insert into duty_changes (schedule_id, org_id, kind, person_id, stand_in, from_at, to_at, note, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [id, duty.org, kind, person, standIn, iso(from), iso(to), wanted.note.trim(), by.person, iso(now)],
  )
  const made = rows[0]?.id as number // one row was written
  await tell(tx, { verb: 'change', id, ...duty, detail: { change: made, kind } }, by, now)
  return made
}

/** Takes a change back. Throws NotFound, Forbidden. */
export async function withdraw(tx: Tx, id: number, wanted: number, by: Actor, now: number): Promise<void> {
  const duty = await held(tx, id, by)
  const { rowCount } = await tx.query(
    'update duty_changes set withdrawn_at = $3 where id = $2 and schedule_id = $1 and withdrawn_at is null',
    [id, wanted, iso(now)],
  )
  if (!rowCount) throw new NotFound('There is no such change')
  await tell(tx, { verb: 'withdraw', id, ...duty, detail: { change: wanted } }, by, now)
}

/** Ends a duty. Throws NotFound, Forbidden. */
export async function endDuty(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const duty = await held(tx, id, by)
  await tx.query('update duty_schedules set ended_at = $2 where id = $1', [id, iso(now)])
  await tell(tx, { verb: 'end', id, ...duty, detail: {} }, by, now)
}

interface Deed {
  verb: 'begin' | 'add-rule' | 'end-rule' | 'change' | 'withdraw' | 'end'
  id: number
  org: number | null
  readers: number[]
  detail: object
}

const tell = (tx: Tx, { verb, id, org, readers, detail }: Deed, by: Actor, now: number): Promise<void> =>
  record(tx, { at: now, actor: by, verb: `duty.${verb}`, object: `duty ${id}`, org, detail, readers })
