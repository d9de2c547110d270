/** The work of each second: ends what is settled, opens again what was taken and not closed, and fires the steps that are due. */
import type { Log } from '../../../platform/context.ts'
import { asEngine, type Database, part, type Tx } from '../../../platform/database.ts'
import { queueNamed, takeBack } from '../../channels/index.ts'
import { peopleOf, type Step, type Target } from '../../duty/index.ts'
import { log } from '../log.ts'
import { begin, type Climb, claimDue, end, nextRoundAt, overOf, setAside, topicOf } from './climb.ts'

const minuteMs = 60_000
/** Taken and not closed within it: it climbs again. */
const takenMs = 60 * minuteMs
const mostInOneGo = 200

/** Answers how many steps fired. Any number of workers may do it at once: each climb is claimed, and a step fires once in a round. */
export async function runClimbs(
  db: Database,
  zone: string,
  now: number,
  log?: Pick<Log, 'error'>,
): Promise<number> {
  await endSettled(db, now)
  await openAgain(db, now)
  let fired = 0
  for (let i = 0; i < mostInOneGo; i++) {
    const did = await asEngine(db, async (tx) => {
      const climb = await claimDue(tx, now)
      if (climb)
        await part(tx, () => fire(tx, climb, zone, now)).catch((error: unknown) => {
          log?.error({ err: error, climb: climb.id }, 'a step on call failed and will be tried again')
          return setAside(tx, climb.id, now)
        })
      return climb !== undefined
    })
    if (!did) break
    fired++
  }
  return fired
}

async function endSettled(db: Database, now: number): Promise<void> {
  await asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `update oncall_climbs c set state = 'ended', ended_at = to_timestamp($1 / 1000.0), next_at = null,
         ended_why = oncall_over(c, to_timestamp($1 / 1000.0))
       where id in (select x.id from oncall_climbs x where x.ended_at is null and oncall_over(x, to_timestamp($1 / 1000.0)) is not null
         for update skip locked) returning id`,
      [now],
    )
    for (const { id } of rows) await takeBack(tx, topicOf(id))
    if (rows.length > 0) await tx.query(`select announce('warnings', '')`)
  })
}

async function openAgain(db: Database, now: number): Promise<void> {
  await db.engine.query(
    `update oncall_climbs set state = 'climbing', round = round + 1, first_round = round + 1, next_no = 1, topic = null, notice_kind = 'ladder',
       round_at = to_timestamp($1 / 1000.0), next_at = to_timestamp($1 / 1000.0)
     where state = 'taken' and taken_at <= to_timestamp($2 / 1000.0)`,
    [now, now - takenMs],
  )
}

async function fire(tx: Tx, climb: Climb, zone: string, now: number): Promise<void> {
  const why = await overOf(tx, climb.id, now)
  const step = climb.policy.steps[climb.nextNo - 1]
  if (why || !step) return end(tx, climb.id, why ?? 'over', now)
  const { rowCount } = await tx.query(
    `insert into oncall_steps (climb_id, org_id, round, no, fired_at) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0)) on conflict do nothing`,
    [climb.id, climb.org, climb.round, step.no, now],
  )
  const reached = rowCount ? await tell(tx, climb, step, zone, now) : 0
  const handsUp = climb.kind === 'member' && step.targets.includes('coordinator')
  if (handsUp) await handUp(tx, climb, now)
  await goOn(tx, climb, { reached, handsUp }, now)
  await tx.query(`select announce('warnings', $1)`, [String(climb.warning ?? '')])
}

const isMembers = (target: Target): boolean => target !== 'coordinator'

/** Tells whoever the step is at this moment; answers how many of them can be reached. */
async function tell(tx: Tx, climb: Climb, step: Step, zone: string, now: number): Promise<number> {
  const ofMember = climb.kind === 'member'
  const people = new Set<number>()
  for (const target of ofMember ? step.targets.filter(isMembers) : step.targets)
    for (const one of await peopleOf(tx, ofMember ? climb.org : null, target, now, zone)) people.add(one)
  const isFirst = climb.round === 1 && step.no === 1 && climb.topic !== null
  const named = await queueNamed(tx, {
    kind: climb.noticeKind === 'exercise' ? 'exercise' : isFirst ? climb.noticeKind : 'ladder',
    topic: isFirst ? (climb.topic ?? '') : `${topicOf(climb.id)}${climb.round} ${step.no}`,
    warning: climb.warning,
    ...(await writtenOf(tx, climb)),
    org: climb.org,
    severity: climb.severity,
    people: [...people],
    as: ofMember ? 'member' : 'coordinator',
    by: step.channels,
    now,
  })
  const reached = isFirst ? Math.max(named, await toldBy(tx, climb.topic)) : named
  await tx.query(
    'update oncall_steps set people = $4, reached = $5 where climb_id = $1 and round = $2 and no = $3',
    [climb.id, climb.round, step.no, [...people], reached],
  )
  if (climb.warning !== null && !isFirst)
    await log(tx, climb.warning, 'ladder', now, null, { step: step.no, deliveries: reached })
  return reached
}

/** How many people of the organisation the notice told with which it began: they are given the time of the step. */
async function toldBy(tx: Tx, topic: string | null): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from deliveries where topic = $1 and state <> 'dropped' and detail->>'as' = 'member'`,
    [topic],
  )
  return rows[0]?.n ?? 0
}

async function writtenOf(tx: Tx, climb: Climb): Promise<{ written?: { id: number; version: number } }> {
  if (climb.written === null) return {}
  const { rows } = await tx.query<{ version: number }>('select version from written_warnings where id = $1', [
    climb.written,
  ])
  return { written: { id: climb.written, version: rows[0]?.version ?? 0 } }
}

/** Where nobody of a step can be reached, the next one does not wait for its time. */
async function goOn(
  tx: Tx,
  climb: Climb,
  { reached, handsUp }: { reached: number; handsUp: boolean },
  now: number,
): Promise<void> {
  const { id, policy, round, nextNo, roundAt } = climb
  const next = policy.steps[nextNo]
  if (next) {
    const at = reached === 0 && !handsUp ? now : Math.max(now, roundAt + next.delayMin * minuteMs)
    await tx.query(
      `update oncall_climbs set next_no = $2, next_at = to_timestamp($3 / 1000.0) where id = $1`,
      [id, nextNo + 1, at],
    )
  } else if (
    round - climb.firstRound < policy.repeat &&
    (climb.kind === 'csirt' || (await anyReached(tx, id)))
  ) {
    const at = Math.max(now, nextRoundAt(policy, roundAt))
    await tx.query(
      `update oncall_climbs set round = round + 1, next_no = 1, round_at = to_timestamp($2 / 1000.0),
         next_at = to_timestamp($2 / 1000.0) + make_interval(mins => $3) where id = $1`,
      [id, at, policy.steps[0]?.delayMin ?? 0],
    )
  } else if (climb.kind === 'member') {
    if (!handsUp) await handUp(tx, climb, now)
    await end(tx, id, 'handed-up', now)
  } else await tx.query(`update oncall_climbs set state = 'open', next_at = null where id = $1`, [id])
}

async function anyReached(tx: Tx, climb: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from oncall_steps where climb_id = $1 and reached > 0 limit 1',
    [climb],
  )
  return rowCount !== 0
}

/** The coordinators take it over: their own steps begin. */
async function handUp(tx: Tx, climb: Climb, now: number): Promise<void> {
  const { warning, written, org, severity } = climb
  const cause = (await anyReached(tx, climb.id)) ? 'handed-up' : 'nobody'
  const exercise = climb.noticeKind === 'exercise'
  await begin(tx, { kind: 'csirt', cause, warning, written, org, severity, exercise }, now)
}
