/** What the worker calls after each condensing step, and often when nothing comes; every part is idempotent. */
import type { Context } from '../../platform/context.ts'
import type { Database } from '../../platform/database.ts'
import { checkScanners } from './check-scanners.ts'
import { checkSensors } from './check-sensors.ts'
import { checkVolumes } from './check-volumes.ts'
import { checkHeartbeats } from './heartbeats/check.ts'
import { runLadders } from './notices.ts'
import { beginDue } from './oncall/begin-due.ts'
import { closeOver, endQuiet } from './over.ts'
import { type Proposed, propose } from './propose.ts'
import { widenBands } from './reach.ts'
import { remindReviewers } from './written/review.ts'
import { expire } from './written/revoke.ts'
import { runClocks } from './written/run-clocks.ts'

/** Checks by name with the seconds between two runs in the whole installation. */
const checks: Record<string, { every: number; run: (db: Database, now: number) => Promise<number> }> = {
  ladders: { every: 5, run: runLadders },
  heartbeats: { every: 10, run: checkHeartbeats },
  oncall: { every: 5, run: beginDue },
  quiet: { every: 30, run: endQuiet },
  sensors: { every: 60, run: checkSensors },
  volumes: { every: 60, run: checkVolumes },
  scanners: { every: 300, run: checkScanners },
  bands: { every: 60, run: widenBands },
  over: { every: 300, run: closeOver },
  written: { every: 60, run: expire },
  reviews: { every: 60, run: remindReviewers },
  clocks: { every: 60, run: runClocks },
}

/** Claims the checks that are due; another node that asks at the same time gets none of them. */
async function claim(db: Database, now: number): Promise<string[]> {
  const names = Object.keys(checks)
  const { rows } = await db.engine.query<{ name: string }>(
    `insert into warning_checks as c (name, due_at)
     select n, to_timestamp($1 / 1000.0) + make_interval(secs => s) from unnest($2::text[], $3::float8[]) as u (n, s) order by n
     on conflict (name) do update set due_at = excluded.due_at where c.due_at <= to_timestamp($1 / 1000.0) returning name`,
    [now, names, names.map((name) => checks[name]?.every ?? 60)],
  )
  return rows.map((row) => row.name)
}

/** Proposes from what changed, then makes the checks that are due; a check that fails is logged and tried at its next turn. */
export async function work(context: Pick<Context, 'db' | 'log'>, now: number): Promise<Proposed> {
  const proposed = await propose(context.db, now)
  for (const name of await claim(context.db, now)) {
    try {
      await checks[name]?.run(context.db, now)
    } catch (error) {
      context.log.error({ check: name, error: String(error) }, 'a check of the warnings failed')
    }
  }
  return proposed
}
