/** Makes the steps of both clocks that are due: messages at the organisation, and the coordinators' call list. */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { addDays, dayOf } from '../../../platform/dates.ts'
import { queue } from '../../channels/index.ts'
import { type Clock, type ClockStep, dueOf, goesOn, type Standpoint, stepsAhead } from './clocks.ts'
import { tell } from './tell.ts'
import type { Version } from './types.ts'

/** Organisations that stand at the same place of the same warning. */
interface Group extends Standpoint {
  warning: number
  version: number
  tlp: Version['tlp']
  author: number
}

interface Due {
  group: Group
  clock: Clock
  step: ClockStep
}

/** One transaction holds no more of them. */
const atOnce = 100

/** Asked, and what they are asked is out and in force. `$1`: now. */
const living = `a.asked and a.out_at is null and w.state = 'published' and coalesce(w.ends_at > to_timestamp($1 / 1000.0), true)`
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const deadlineStep = 'case when a.deadline_on = v.action_by then a.deadline_step else 0 end'

/** Answers how many organisations a step was made for. Any number of workers may do it at once: whoever moves the count makes the step. */
export async function runClocks(db: Database, now: number): Promise<number> {
  let made = 0
  for (const due of await dueNow(db, now)) {
    for (;;) {
      const orgs = await asEngine(db, (tx) => make(tx, due, now))
      made += orgs
      if (orgs < atOnce) break
    }
  }
  return made
}

/** The coarse conditions leave out what cannot be due; working days are reckoned here. */
async function dueNow(db: Database, now: number): Promise<Due[]> {
  const { rows } = await db.engine.query<Group & Record<string, unknown>>(
    `select distinct a.warning_id as warning, v.no as version, v.severity, v.tlp, v.action_by as "actionBy", w.author_id as author, a.answer,
       ${ms('a.asked_at')} as "askedAt", ${ms('v.published_at')} as "publishedAt", a.ladder_step as "ladderStep", ${deadlineStep} as "deadlineStep"
     from written_asked a join written_warnings w on w.id = a.warning_id join written_versions v on v.warning_id = w.id and v.no = w.version
     where ${living} and (
       a.answer = any ($2) and a.ladder_step < 3 and v.severity in (2, 3) and a.asked_at <= to_timestamp($1 / 1000.0) - interval '4 hours'
       or a.answer = any ($3) and v.action_by <= $4::date and ${deadlineStep} < 4)
     order by v.severity desc, a.warning_id`,
    [now, goesOn.ladder, goesOn.deadline, addDays(dayOf(now), 1)],
  )
  return rows.flatMap((group) => {
    const ahead = stepsAhead(group)
    return (['ladder', 'deadline'] as const).flatMap((clock): Due[] => {
      const step = dueOf(ahead[clock], now)
      return step ? [{ group, clock, step }] : []
    })
  })
}

const isBefore: Record<Clock, string> = { ladder: 'a.ladder_step < $6', deadline: `${deadlineStep} < $6` }

async function make(tx: Tx, { group, clock, step }: Due, now: number): Promise<number> {
  const { warning, version, askedAt, answer } = group
  const { rows } = await tx.query<{ org: number }>(
    `select a.org_id as org from written_asked a join written_warnings w on w.id = a.warning_id
       join written_versions v on v.warning_id = w.id and v.no = w.version
     where a.warning_id = $2 and v.no = $3 and ${ms('a.asked_at')} = $4 and a.answer = $5 and ${isBefore[clock]} and ${living}
     order by a.org_id limit ${atOnce} for update of a skip locked`,
    [now, warning, version, askedAt, answer, step.no],
  )
  const orgs = rows.map((row) => row.org)
  await moveOn(tx, { group, clock, step }, orgs)
  for (const { org } of rows) {
    const told = await tellOrg(tx, { group, clock, step }, org, now)
    await tx.query(
      `insert into written_steps (warning_id, org_id, version, kind, step, told, at) values ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0))`,
      [warning, org, version, clock, step.no, told, now],
    )
  }
  if (rows.length > 0 && step.list) await tellCoordinators(tx, { group, clock, step }, now)
  if (rows.length > 0) await tx.query(`select announce('warnings', '')`)
  return rows.length
}

async function moveOn(tx: Tx, { group, clock, step }: Due, orgs: number[]): Promise<void> {
  await tx.query(
    clock === 'ladder'
      ? 'update written_asked set ladder_step = $3 where warning_id = $1 and org_id = any ($2)'
      : 'update written_asked set deadline_step = $3, deadline_on = $4 where warning_id = $1 and org_id = any ($2)',
    [group.warning, orgs, step.no, ...(clock === 'ladder' ? [] : [group.actionBy])],
  )
}

/** What both sorts of warnings call it in the log of deliveries; `about` says which clock it was. */
const noticeOf = ({ group, clock }: Due, now: number) => ({
  kind: 'ladder' as const,
  ...(clock === 'deadline' && { about: 'deadline' as const }),
  warning: null,
  written: { id: group.warning, version: group.version },
  severity: group.severity,
  now,
})

async function tellOrg(tx: Tx, due: Due, org: number, now: number): Promise<number> {
  const { group, clock, step } = due
  if (step.to === null) return 0
  const day = clock === 'deadline' ? ` ${group.actionBy}` : ''
  const topic = `written ${group.warning} v${group.version} org ${org} ${clock}${day} ${step.no}`
  if (group.tlp === 'RED') return tellNamed(tx, due, org, topic, now)
  return queue(tx, { ...noticeOf(due, now), topic, org, to: step.to })
}

/** TLP:RED is for the named alone: they are reminded, and nobody else of the organisation hears that there is anything. */
async function tellNamed(
  tx: Tx,
  { group, clock }: Due,
  org: number,
  topic: string,
  now: number,
): Promise<number> {
  const { rows } = await tx.query<{ person: number; address: string }>(
    `select p.id as person, p.email as address from written_versions v join written_named n on n.version_id = v.id join people p on p.id = n.person_id
     where v.warning_id = $1 and v.no = $2 and p.disabled_at is null and exists (select 1 from engagements e where e.person_id = p.id
       and e.org_id = organisation_now($3) and e.valid_from <= to_timestamp($4 / 1000.0) and e.valid_to > to_timestamp($4 / 1000.0)) order by p.id`,
    [group.warning, group.version, org, now],
  )
  const { warning, version: no, severity, tlp, author } = group
  const message = {
    ...{
      kind: 'ladder' as const,
      program: true as const,
      topic,
      warning,
      version: { no, severity, tlp },
      now,
    },
    ...(clock === 'deadline' && { about: 'deadline' as const }),
    involved: { author, named: rows.map((one) => one.person), coordinators: [] },
  }
  return tell(
    tx,
    message,
    rows.map((one) => ({ ...one, org, as: 'member' as const, hold: null })),
  )
}

/** One mail for a warning and a reason, at most once a day, however many organisations came to the list. */
async function tellCoordinators(tx: Tx, { group, clock, step }: Due, now: number): Promise<void> {
  // Of TLP:RED those who may read it find it on their home page.
  if (group.tlp === 'RED') return
  const topic = `written ${group.warning} v${group.version} calls ${step.list} ${dayOf(now)}`
  await queue(tx, {
    ...noticeOf({ group, clock, step }, now),
    ...{ about: 'calls' as const, topic, org: null, to: 'coordinators' as const },
  })
}
