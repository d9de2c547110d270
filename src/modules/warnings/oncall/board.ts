/** What climbs now, as its readers see it, and taking it over: coordinators take and close what came to them. */
import type { Actor } from '../../../platform/access.ts'
import { isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS } from '../../../values/scopes.ts'
import { takeBack } from '../../channels/index.ts'
import { type Policy, policyShape } from '../../duty/index.ts'
import { type Cause, end, topicOf } from './climb.ts'

export interface ClimbLine {
  id: number
  kind: 'member' | 'csirt'
  cause: Cause
  state: 'climbing' | 'taken' | 'open'
  org: number | null
  orgName: string | null
  warning: number | null
  written: number | null
  /** Of the warning; null for who may not read it. */
  number: string | null
  /** What is missing, by name. */
  heartbeat: string | null
  severity: 0 | 1 | 2 | 3 | 4
  policy: Policy
  round: number
  nextNo: number
  /** ms since 1970 */
  nextAt: number | null
  beganAt: number
  takenAt: number | null
  takenBy: string | null
  /** Those that fired, the newest first. */
  steps: { no: number; round: number; at: number; people: string[]; reached: number }[]
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** Those that are not ended: what nobody took first, then the longest climbing. As the actor of the transaction. */
export async function climbs(tx: Tx): Promise<ClimbLine[]> {
  const { rows } = await tx.query<Omit<ClimbLine, 'steps'> & Record<string, unknown>>(
    `select c.id, c.kind, c.cause, c.state, c.org_id as org, o.name as "orgName", c.warning_id as warning, c.written_id as written,
       coalesce(w.number, r.number) as number,
       case when c.cause = 'heartbeat' then w.explanation->'params'->>'sensor' end as heartbeat, c.severity, c.policy, c.round, c.next_no as "nextNo", ${ms('c.next_at')} as "nextAt",
       ${ms('c.began_at')} as "beganAt", ${ms('c.taken_at')} as "takenAt", p.name as "takenBy"
     from oncall_climbs c left join organisations o on o.id = c.org_id left join warnings w on w.id = c.warning_id
       left join written_warnings r on r.id = c.written_id left join people p on p.id = c.taken_by
     where c.ended_at is null
     order by array_position(array['open', 'climbing', 'taken'], c.state), c.began_at, c.id limit 200`,
  )
  const steps = await stepsOf(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    ...row,
    policy: policyShape.parse(row.policy),
    steps: steps.filter(({ climb }) => climb === row.id),
  }))
}

async function stepsOf(tx: Tx, ids: number[]): Promise<(ClimbLine['steps'][number] & { climb: number })[]> {
  const { rows } = await tx.query<ClimbLine['steps'][number] & { climb: number } & Record<string, unknown>>(
    `select s.climb_id as climb, s.org_id as org, s.no, s.round, ${ms('s.fired_at')} as at, s.reached,
       array(select p.name from oncall_people($1) p where p.climb_id = s.climb_id and p.round = s.round and p.no = s.no
         order by p.name collate "cs-x-icu") as people
     from oncall_steps s where s.climb_id = any ($1) order by s.round desc, s.no desc`,
    [ids],
  )
  return rows
}

/** How many nobody took, though every step was told: as the actor of the transaction. */
export async function countOpen(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from oncall_climbs where kind = 'csirt' and state in ('open', 'climbing')`,
  )
  return rows[0]?.n ?? 0
}

interface Held {
  id: number
  kind: 'member' | 'csirt'
  state: ClimbLine['state']
}

async function held(tx: Tx, id: number, by: Actor): Promise<Held> {
  const { rows } = await tx.query<Held & Record<string, unknown>>(
    'select id, kind, state from oncall_climbs where id = $1 and ended_at is null for update',
    [id],
  )
  if (!isCoordinator(by)) throw new Forbidden('What came to the coordinators is taken by them')
  if (!rows[0]) throw new NotFound('There is no such escalation')
  if (rows[0].kind !== 'csirt') throw new WrongState('A member’s escalation ends with its answer')
  return rows[0]
}

/** Takes it: nobody else is told, for an hour. `tx` is the program's own. Throws Forbidden, NotFound, WrongState. */
export async function take(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { state } = await held(tx, id, by)
  if (state === 'taken') throw new WrongState('Somebody has taken it already')
  await tx.query(
    `update oncall_climbs set state = 'taken', taken_at = to_timestamp($2 / 1000.0), taken_by = $3, next_at = null where id = $1`,
    [id, now, by.person],
  )
  await takeBack(tx, topicOf(id))
  await tell(tx, 'takeClimb', id, by, now)
}

/** Closes it: nothing is left to do here. Throws Forbidden, NotFound, WrongState. */
export async function close(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { state } = await held(tx, id, by)
  if (state !== 'taken') throw new WrongState('Take it before you close it')
  await end(tx, id, 'closed', now)
  await tell(tx, 'closeClimb', id, by, now)
}

const tell = async (
  tx: Tx,
  verb: 'takeClimb' | 'closeClimb',
  id: number,
  by: Actor,
  now: number,
): Promise<void> => {
  await record(tx, {
    at: now,
    actor: by,
    verb: `warnings.${verb}`,
    object: `escalation ${id}`,
    detail: {},
    readers: [COORDINATORS],
  })
  await tx.query(`select announce('warnings', '')`)
}
