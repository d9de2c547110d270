/** What time alone does to living warnings: thresholds end, what is over is closed. */
import { asEngine, type Database } from '../../platform/database.ts'
import { going } from '../events/index.ts'
import { log } from './log.ts'
import { type NoticeKind, notify, type Subject } from './notices.ts'
import { isRelapse, type Told } from './quiet.ts'
import type { Standing } from './types.ts'

interface Due extends Subject {
  answer: Standing
  last: number
  notified: number
  relapse: number | null
  told: Told
}

/** Ends repeat thresholds that are over: a relapse is told, silence lets the next evidence speak at once. Answers how many ended. */
export function endQuiet(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<Due & Record<string, unknown>>(
      `select id, org_id as org, rule, severity, lane, answer, extract(epoch from last_at)::float8 * 1000 as last, notified_state as told,
         extract(epoch from notified_at)::float8 * 1000 as notified, extract(epoch from relapse_from)::float8 * 1000 as relapse
       from warnings where state <> 'closed' and (quiet_until <= to_timestamp($1 / 1000.0)
         or notified_state ? 'waiting' and notified_at <= to_timestamp($1 / 1000.0) - interval '6 hours')
       order by id limit 500 for update skip locked`,
      [now],
    )
    for (const row of rows) {
      const { waiting, ...told } = row.told
      const kind: NoticeKind | null = waiting
        ? 'update'
        : isRelapse({
              severity: row.severity,
              answer: row.answer,
              lastAt: row.last,
              notifiedAt: row.notified,
              relapseFrom: row.relapse,
            })
          ? 'relapse'
          : null
      if (kind) await notify(tx, row, kind, { ...told, severity: row.severity }, now)
      else
        await tx.query('update warnings set relapse_from = quiet_until, quiet_until = null where id = $1', [
          row.id,
        ])
      if (kind) await tx.query(`select announce('warnings', $1)`, [String(row.id)])
    }
    return rows.length
  })
}

/** Closes warnings whose episodes are all over and that were quiet for a day. Sensors' warnings end by the sensor itself. */
export function closeOver(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `update warnings w set state = 'closed', closed_at = to_timestamp($1 / 1000.0), changed_at = to_timestamp($1 / 1000.0)
       where w.state <> 'closed' and w.rule <> 'W5' and w.last_at < to_timestamp($1 / 1000.0) - interval '1 day'
         and w.opened_at < to_timestamp($1 / 1000.0) - interval '1 hour'
         and not exists (select 1 from warning_episodes we join episodes e on e.id = we.episode_id where we.warning_id = w.id and ${going('e')})
       returning w.id`,
      [now],
    )
    for (const { id } of rows) {
      await log(tx, id, 'closed', now, null, { why: 'over' })
      await tx.query(`select announce('warnings', $1)`, [String(id)])
    }
    return rows.length
  })
}
