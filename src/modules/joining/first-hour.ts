/** What a new member does on the page of its first steps: puts a step off, and asks for its test warning. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { firstWarning } from '../warnings/index.ts'
import { type Deferrable, deferrable, type Progress, progressOf, stepsOf } from './steps.ts'

const dayMs = 86_400_000
const mostADay = 3
const atWork: Role[] = ['representative', 'security_manager', 'admin', 'duty']

const at = (ms: number): string => new Date(ms).toISOString()

/** May ask for the organisation's test warning: who works with its warnings, and coordinators. */
export const mayTest = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) || rolesAt(actor, org).some((role) => atWork.includes(role))

export const mayDefer = (actor: Actor, org: number): boolean => rolesAt(actor, org).includes('representative')

function requireOwn(actor: Actor, org: number): void {
  if (!isCoordinator(actor) && rolesAt(actor, org).length === 0)
    throw new NotFound('There is no such organisation')
}

/**
 * Sends the organisation a test warning on the way of a real one. Answers the warning. Throws NotFound, Forbidden, and
 * WrongState while an earlier one waits for an answer, after three in a day, and for an organisation that left.
 */
export function sendTest(db: Database, org: number, by: Actor, now: number): Promise<number> {
  requireOwn(by, org)
  if (!mayTest(by, org)) throw new Forbidden('Your role does not send test warnings')
  return asEngine(db, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('first warning'), $1)`, [org])
    const { rows } = await tx.query<{ status: string; waiting: boolean; lately: number }>(
      `select o.status, exists (select 1 from joining_tests t join warnings w on w.id = t.warning_id
           where t.org_id = o.id and w.first_answer_at is null and w.state <> 'closed') as waiting,
         (select count(*)::int from joining_tests t where t.org_id = o.id and t.at > $2) as lately
       from organisations o where o.id = $1`,
      [org, at(now - dayMs)],
    )
    const [found] = rows
    if (!found) throw new NotFound('There is no such organisation')
    if (found.status === 'left') throw new WrongState('The organisation has left')
    if (found.waiting) throw new WrongState('A test warning waits for an answer already')
    if (found.lately >= mostADay)
      throw new WrongState(`There were ${mostADay} test warnings in a day already`)
    const warning = await firstWarning(tx, org, now)
    await tx.query('insert into joining_tests (warning_id, org_id, asked_by, at) values ($1, $2, $3, $4)', [
      warning,
      org,
      by.person,
      at(now),
    ])
    await trail(tx, 'joining.sendTest', org, { warning }, by, now)
    return warning
  })
}

/** Puts a step off with the reason, or says another one. As the actor of the transaction; throws Forbidden, NotFound, Invalid. */
export async function defer(
  tx: Tx,
  org: number,
  given: { step: string; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const step = requireStep(org, given.step, by)
  const reason = given.reason.trim()
  if (reason === '' || reason.length > 500) throw new Invalid('Say why', { [step]: 'reason' })
  await tx.query('delete from joining_deferrals where org_id = $1 and step = $2', [org, step])
  await tx.query(
    'insert into joining_deferrals (org_id, step, reason, person_id, actor, at) values ($1, $2, $3, $4, $5, $6)',
    [org, step, reason, by.person, by.name, at(now)],
  )
  await trail(tx, 'joining.defer', org, { step, reason }, by, now)
}

/** Takes it up again. Throws Forbidden, NotFound, WrongState (it was not put off). */
export async function takeUp(tx: Tx, org: number, given: string, by: Actor, now: number): Promise<void> {
  const step = requireStep(org, given, by)
  const { rowCount } = await tx.query('delete from joining_deferrals where org_id = $1 and step = $2', [
    org,
    step,
  ])
  if (!rowCount) throw new WrongState('This step was not put off')
  await trail(tx, 'joining.takeUp', org, { step }, by, now)
}

function requireStep(org: number, given: string, by: Actor): Deferrable {
  requireOwn(by, org)
  if (!mayDefer(by, org)) throw new Forbidden('Only the representative puts a step off')
  const step = deferrable.find((one) => one === given)
  if (!step) throw new NotFound('There is no such step')
  return step
}

const trail = (tx: Tx, verb: string, org: number, detail: object, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `organisation ${org}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })

export interface Newcomer {
  id: number
  name: string
  since: number
  progress: Progress
}

/** How long an organisation counts as new, unless its steps are behind it sooner. */
const newDays = 180
const mostShown = 100

/**
 * For coordinators: organisations that are joining or joined lately, with how far each is; the newest first. Who came into
 * the register as a member, by an import, took part before it was kept here and is none.
 */
export async function newcomers(tx: Tx, now: number): Promise<Newcomer[]> {
  const { rows } = await tx.query<{ id: number; name: string; since: number }>(
    `select o.id, o.id as org, o.name, (extract(epoch from j.since) * 1000)::float8 as since
     from organisations o cross join lateral (select greatest(
       case when o.status in ('prospect', 'follower') then o.created_at end,
       (select max(m.at) from organisation_moves m
         where m.org_id = o.id and m.from_status in ('prospect', 'follower') and m.to_status = 'participant'),
       (select max(a.decided_at) from applications a
         where a.org_id = o.id and a.kind = 'organisation' and a.state = 'approved')) as since) j
     where o.status <> 'left' and j.since > $1 order by j.since desc, o.id desc limit ${mostShown}`,
    [at(now - newDays * dayMs)],
  )
  const found: Newcomer[] = []
  for (const row of rows) found.push({ ...row, progress: progressOf(await stepsOf(tx, row.id)) })
  return found
}
