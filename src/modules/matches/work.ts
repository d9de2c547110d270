/** The worker's step: advisories that came or changed, then what changed in inventories. Each advisory in a transaction of its own; nodes take turns. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { fillKeys, keysAreMissing, takeChanged } from '../assets/index.ts'
import { lookAgain, openAsker } from '../warnings/index.ts'
import { publishBands } from './bands.ts'
import { matchAdvisory } from './run.ts'
import { tellOfHeld } from './tell-held.ts'

/** At a time; what came last goes first, so that a new advisory does not wait for a catalogue of thousands. */
const mostAdvisories = 25
const mostDue = 50
const mostChanges = 500
/** What failed is tried again after this, and holds up nothing else. */
const againMs = 600_000
const bandsMs = 3_600_000

export interface Matcher {
  /** Does a part of what is to be done; answers how much that was, 0 when nothing is left. */
  work(now: number): Promise<number>
}

export function openMatcher({ db, log }: Pick<Context, 'db' | 'log'>): Matcher {
  const failed = new Map<number, number>()
  const asker = openAsker({ db, log })
  let bandsAt = 0

  const each = async (
    ids: number[],
    now: number,
    run: (tx: Tx, id: number) => Promise<void>,
  ): Promise<void> => {
    for (const id of ids)
      await asEngine(db, (tx) => run(tx, id)).then(
        () => failed.delete(id),
        (error: unknown) => {
          failed.set(id, now)
          log.error({ err: error, advisory: id }, 'an advisory could not be matched with inventories')
        },
      )
  }

  return {
    work: async (now) => {
      for (const [id, at] of failed) if (now - at >= againMs) failed.delete(id)
      const filled = await fillKeys(db)
      // What has no keys would be missed by an advisory that is looked at once.
      if (filled > 0 || (await keysAreMissing(db.engine))) return filled
      const fresh = await pending(db, [...failed.keys()])
      await each(fresh, now, (tx, id) => matchFresh(tx, id, now))
      const changed = await queueChanged(db, now)
      const due = await dueAdvisories(db, [...failed.keys()])
      await each(due, now, (tx, id) => matchDue(tx, id, now))
      await asEngine(db, (tx) => tellOfHeld(tx, now))
      if (now - bandsAt >= bandsMs) {
        bandsAt = now
        await asEngine(db, (tx) => publishBands(tx, now))
      }
      return fresh.length + changed + due.length + (await asker.work(now))
    },
  }
}

/** What no second coordinator has confirmed yet is nobody's. An entry of KEV that an advisory covers waits for that advisory: until it is matched, the entry is all they have. */
const isPending = `(m.advisory_id is null or (m.seq, m.changed_at, m.kev) is distinct from (a.seq, a.changed_at, a.kev) or m.covering_id is distinct from a.covering_id)
  and (a.covering_id is null or exists (select 1 from match_marks c join advisories o on o.id = c.advisory_id where o.id = a.covering_id and c.seq = o.seq))
  and not exists (select 1 from advisory_confirmations w where w.advisory_id = a.id and w.seq = a.seq and w.confirmed_at is null)`

async function pending(db: Database, without: number[]): Promise<number[]> {
  const { rows } = await db.engine.query<{ id: number }>(
    `select a.id from advisories a left join match_marks m on m.advisory_id = a.id
     where (${isPending}) and a.id <> all ($1) order by a.changed_at desc, a.id desc limit $2`,
    [without, mostAdvisories],
  )
  return rows.map(({ id }) => id)
}

/**
 * Changes of inventories are taken while no advisory is between reading them and leaving its mark: else one would miss the other.
 * Those who match hold this lock together.
 */
const apart = (tx: Tx): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtext('matches of advisories'))`)
const beside = (tx: Tx): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock_shared(hashtext('matches of advisories'))`)

/** One node at a time for each advisory: false when another has it. */
async function isOurs(tx: Tx, id: number): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('match of advisory'), $1) as ours`,
    [id],
  )
  return rows[0]?.ours === true
}

async function matchFresh(tx: Tx, id: number, now: number): Promise<void> {
  if (!(await isOurs(tx, id))) return
  await beside(tx)
  const { rowCount } = await tx.query(
    `select 1 from advisories a left join match_marks m on m.advisory_id = a.id where (${isPending}) and a.id = $1`,
    [id],
  )
  if (!rowCount) return
  await tx.query('delete from match_due where advisory_id = $1', [id])
  await matchAdvisory(tx, id, null, now)
}

/** Advisories that changed assets may have to do with: by their names as they are now, and what matched them before. */
function queueChanged(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    await apart(tx)
    const assets = await takeChanged(tx, mostChanges, now)
    if (assets.length === 0) return 0
    await tx.query(
      `insert into match_due (advisory_id, org_id, since)
       select m.advisory_id, a.org_id, $2::timestamptz from assets a join match_marks m on m.keys && a.product_keys where a.id = any ($1) and a.removed_at is null
       union select i.advisory_id, i.org_id, $2::timestamptz from match_assets x join match_items i on i.id = x.item_id where x.asset_id = any ($1)
       on conflict do nothing`,
      [assets, iso(now)],
    )
    await lookAgain(tx, await ownersOf(tx, assets), now)
    return assets.length
  })
}

async function ownersOf(tx: Tx, assets: number[]): Promise<number[]> {
  const { rows } = await tx.query<{ org: number }>(
    'select distinct org_id as org from assets where id = any ($1)',
    [assets],
  )
  return rows.map(({ org }) => org)
}

async function dueAdvisories(db: Database, without: number[]): Promise<number[]> {
  const { rows } = await db.engine.query<{ id: number }>(
    `select advisory_id as id from match_due where advisory_id <> all ($1) group by 1 order by min(since), 1 limit $2`,
    [without, mostDue],
  )
  return rows.map(({ id }) => id)
}

/** What is due of one advisory; its rows go in the same transaction. */
export async function matchDue(tx: Tx, id: number, now: number): Promise<void> {
  if (!(await isOurs(tx, id))) return
  await beside(tx)
  const { rows } = await tx.query<{ org: number }>(
    'delete from match_due where advisory_id = $1 returning org_id as org',
    [id],
  )
  if (rows.length > 0)
    await matchAdvisory(
      tx,
      id,
      rows.map(({ org }) => org),
      now,
    )
}
