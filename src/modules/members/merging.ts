/** Two organisations that become one, and the way back for thirty days. What was theirs stays theirs; the one points to the other. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { inTurn } from './managing.ts'
import { carryOver, giveBack } from './merge-records.ts'
import { reasonOf } from './reason.ts'

export const undoableDays = 30
const undoableMs = undoableDays * 86_400_000

/** Until when a merger of then can be undone. */
export const undoableUntil = (at: number): number => at + undoableMs

export interface Merging {
  /** What ends to stand for itself. */
  org: number
  /** What goes on for it. */
  into: number
  reason: string
  /** Those of its people who are to hold their roles at the successor; the others have no access any more. */
  people: number[]
}

interface Standing {
  id: number
  status: string
  merged: boolean
}

/** Why two organisations cannot be merged; a word of `merging.refused.<…>`. */
export type Obstacle = 'same' | 'merged' | 'into-merged' | 'into-left'

/** What stands in the way; null when nothing does. A circle cannot come about: both have to stand for themselves. */
export function obstacle(org: Standing, into: Standing): Obstacle | null {
  if (org.id === into.id) return 'same'
  if (org.merged) return 'merged'
  if (into.merged) return 'into-merged'
  return into.status === 'left' ? 'into-left' : null
}

/**
 * Merges one organisation into another, inside the caller's transaction (the program's own hand). Throws Forbidden (no
 * coordinator), NotFound, Invalid (no reason, or people who do not act for it), WrongState (see `Obstacle`).
 */
export async function merge(tx: Tx, wanted: Merging, by: Actor, now: number): Promise<number> {
  const { org, into } = wanted
  const reason = reasonOf(wanted.reason)
  await begin(tx, [org, into], by)
  const [from, to] = [await standing(tx, org), await standing(tx, into)]
  const hindered = obstacle(from, to)
  if (hindered) throw new WrongState(`They cannot be merged: ${hindered}`)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ id: number }>(
    `insert into organisation_merges (org_id, into_id, from_status, reason, person_id, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [org, into, from.status, reason, by.person, by.name, at],
  )
  const id = rows[0]?.id as number
  await tx.query(
    `update organisations set status = 'left', merged_into = $2, present_id = $2, changed_at = $3 where id = $1`,
    [org, into, at],
  )
  await tx.query('update organisations set present_id = $2 where present_id = $1', [org, into])
  if (from.status !== 'left') await noteMove(tx, org, [from.status, 'left'], reason, by, at)
  const carried = await carryOver(tx, { merge: id, org, into, people: wanted.people }, at)
  await tell(tx, [org, into])
  await trail(tx, 'members.merge', wanted, { into, reason, ...carried }, by, now)
  return id
}

/**
 * Takes a merger back within thirty days: what was carried over and still stands returns, what happened since stays with
 * whom it happened to. Throws Forbidden, NotFound, Invalid (no reason), WrongState (not merged, too late, or the successor
 * was merged itself: that one goes back first).
 */
export async function unmerge(
  tx: Tx,
  wanted: { org: number; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const { org } = wanted
  const reason = reasonOf(wanted.reason)
  await begin(tx, [org], by)
  await standing(tx, org)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ id: number; into: number; status: string }>(
    `update organisation_merges g set undone_at = $2, undone_reason = $3, undone_by = $4, undone_actor = $5
     from organisations o where o.id = g.into_id and o.merged_into is null and g.org_id = $1 and g.undone_at is null
       and g.at > $2::timestamptz - make_interval(days => ${undoableDays})
     returning g.id, g.into_id as into, g.from_status as status`,
    [org, at, reason, by.person, by.name],
  )
  const [merger] = rows
  if (!merger) throw new WrongState('There is no merger that can be undone now')
  const { id, into, status } = merger
  await inTurn(tx, into)
  await tx.query(
    'update organisations set status = $2, merged_into = null, present_id = null, changed_at = $3 where id = $1',
    [org, status, at],
  )
  // What had been merged into it before comes along.
  await tx.query(
    'update organisations set present_id = $1 where id = any (organisation_with_merged($1)) and id <> $1',
    [org],
  )
  if (status !== 'left') await noteMove(tx, org, ['left', status], reason, by, at)
  const back = await giveBack(tx, { merge: id, org, into }, at)
  await tell(tx, [org, into])
  await trail(tx, 'members.unmerge', { org, into }, { into, reason, ...back }, by, now)
}

/** Mergers, imports and deeds about the people of either come one after another. */
async function begin(tx: Tx, orgs: number[], by: Actor): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators merge organisations')
  await tx.query(`select pg_advisory_xact_lock(hashtext('members import'))`)
  for (const org of orgs.toSorted((a, b) => a - b)) await inTurn(tx, org)
}

async function standing(tx: Tx, org: number): Promise<Standing> {
  const { rows } = await tx.query<Standing>(
    'select id, status, merged_into is not null as merged from organisations where id = $1 for update',
    [org],
  )
  if (!rows[0]) throw new NotFound('There is no such organisation')
  return rows[0]
}

const noteMove = (tx: Tx, org: number, [from, to]: [string, string], reason: string, by: Actor, at: string) =>
  tx.query(
    `insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [org, from, to, reason, by.person, by.name, at],
  )

/** Every node loads the register and the sensors anew, and open pages of all whose rights have changed connect anew. */
async function tell(tx: Tx, orgs: number[]): Promise<void> {
  await tx.query(`select announce('register', ''), announce('sensors', '')`)
  await tx.query(
    `select people_set_readers(p.id) from (select distinct person_id as id from engagements where org_id = any ($1)) p`,
    [orgs],
  )
}

const trail = (
  tx: Tx,
  verb: string,
  { org, into }: { org: number; into: number },
  detail: object,
  by: Actor,
  now: number,
) =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `organisation ${org}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org), readersOfOrg(into)],
  })
