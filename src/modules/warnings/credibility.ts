/**
 * What answers say of a detector: the mean of Beta(1 + good, 1 + bad) over the last twenty answers to warnings of one
 * detector, class and organisation. Below one half, with at least five false alarms, its findings count one step less.
 */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export const lastAnswers = 20
export const leastFalseAlarms = 5
/** The whole sector's value (organisation 0) needs false alarms of at least so many members. */
export const leastOrganisations = 5

/**
 * Counts the answers anew for everything that the warning's episodes were made of; exercises teach nothing.
 * Idempotent: the figures come from the answers themselves.
 */
export async function learn(tx: Tx, warning: number, now: number): Promise<void> {
  await tx.query(
    `with pairs as (
       select distinct d as detector_id, c as class_id, o.org_id
       from warnings w join warning_episodes we on we.warning_id = w.id join episodes e on e.id = we.episode_id,
         unnest(e.detectors) d, unnest(e.classes) c, unnest(array[w.org_id, 0]) o (org_id)
       where w.id = $1 and w.org_id is not null and w.lane = 0 and e.org_id = w.org_id),
     counted as (
       select p.*, count(*) filter (where a.answer <> 'false_alarm') as good, count(*) filter (where a.answer = 'false_alarm') as bad,
         count(distinct a.org_id) filter (where a.answer = 'false_alarm') as organisations
       from pairs p left join credibility k using (detector_id, class_id, org_id)
       cross join lateral (
         select * from (
           select distinct on (n.warning_id) n.answer, n.at, n.id, w2.org_id
           from answers n join warnings w2 on w2.id = n.warning_id and w2.lane = 0
           where n.counted and n.answer in ('working', 'done', 'false_alarm') and (p.org_id = 0 or w2.org_id = p.org_id)
             and n.at > coalesce(k.restored_at, '-infinity')
             and exists (select 1 from warning_episodes x join episodes e on e.id = x.episode_id
               where x.warning_id = n.warning_id and p.detector_id = any (e.detectors) and p.class_id = any (e.classes))
           order by n.warning_id, n.id desc) last order by last.id desc limit ${lastAnswers}) a
       group by p.detector_id, p.class_id, p.org_id)
     insert into credibility as k (detector_id, class_id, org_id, good, bad, lowered, changed_at)
     select detector_id, class_id, org_id, good, bad,
       bad >= ${leastFalseAlarms} and (1.0 + good) / (2.0 + good + bad) < 0.5 and (org_id > 0 or organisations >= ${leastOrganisations}),
       to_timestamp($2 / 1000.0) from counted
     on conflict (detector_id, class_id, org_id) do update set good = excluded.good, bad = excluded.bad, lowered = excluded.lowered,
       changed_at = excluded.changed_at`,
    [warning, now],
  )
}

/** Which of these detectors count less for the class and organisation: by the member's own answers, or the sector's. */
export async function loweredDetectors(tx: Queryable, orgs: number[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ detector_id: number; class_id: number; org_id: number }>(
    'select detector_id, class_id, org_id from credibility where lowered and (org_id = 0 or org_id = any ($1))',
    [orgs],
  )
  return new Set(rows.map((row) => `${row.org_id} ${row.detector_id} ${row.class_id}`))
}

/** Asks the set of `loweredDetectors`. */
export const isLowered = (set: Set<string>, org: number, detector: number, cls: number): boolean =>
  set.has(`${org} ${detector} ${cls}`) || set.has(`0 ${detector} ${cls}`)

export interface Credibility {
  detector: number
  detectorName: string | null
  cls: number
  clsName: string
  /** 0 = the whole sector. */
  org: number
  orgName: string | null
  good: number
  bad: number
  /** Mean of the Beta distribution, 0 to 1. */
  mean: number
  lowered: boolean
  changedAt: number
  restoredAt: number | null
}

/** What was learned, lowered first; a member sees its own rows. */
export async function credibilityList(tx: Queryable): Promise<Credibility[]> {
  const { rows } = await tx.query<Credibility & Record<string, unknown>>(
    `select k.detector_id as detector, d.name as "detectorName", k.class_id as cls, c.name as "clsName", k.org_id as org, o.name as "orgName",
       k.good, k.bad, ((1.0 + k.good) / (2.0 + k.good + k.bad))::float8 as mean, k.lowered,
       extract(epoch from k.changed_at)::float8 * 1000 as "changedAt", extract(epoch from k.restored_at)::float8 * 1000 as "restoredAt"
     from credibility k join classes c on c.id = k.class_id left join detectors d on d.id = k.detector_id
     left join organisations o on o.id = k.org_id order by k.lowered desc, k.changed_at desc limit 500`,
  )
  return rows
}

/** Takes a lowering back; answers given until now no longer count. Coordinators only. */
export async function restoreCredibility(
  db: Database,
  actor: Actor,
  which: { detector: number; cls: number; org: number },
  now: number,
): Promise<void> {
  if (!isCoordinator(actor)) throw new Forbidden('Only a coordinator restores credibility')
  await asEngine(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update credibility set good = 0, bad = 0, lowered = false, restored_at = to_timestamp($4 / 1000.0), changed_at = to_timestamp($4 / 1000.0)
       where detector_id = $1 and class_id = $2 and org_id = $3`,
      [which.detector, which.cls, which.org, now],
    )
    if (!rowCount) throw new NotFound('Nothing was learned of this detector and class')
    await record(tx, {
      at: now,
      actor,
      verb: 'warnings.restoreCredibility',
      object: `detector ${which.detector} class ${which.cls}`,
      org: which.org || null,
      readers: which.org ? [COORDINATORS, readersOfOrg(which.org)] : [COORDINATORS],
    })
  })
}
