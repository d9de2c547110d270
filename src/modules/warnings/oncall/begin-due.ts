/** What should climb and does not yet: sensors and heartbeats that fell silent, reviews that are overdue. */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { type Beginning, begin } from './climb.ts'

/** Answers how many climbs began. Idempotent: one about the same is not begun twice for the same reason. */
export function beginDue(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const wanted = [
      ...(await silentSensors(tx, now)),
      ...(await missingHeartbeats(tx)),
      ...(await overdueReviews(tx, now)),
    ]
    for (const one of wanted) await begin(tx, one, now)
    return wanted.length
  })
}

/** A feed that is silent beyond its habit may still come back by itself. */
const untriagedMs = 3_600_000

async function silentSensors(tx: Tx, now: number): Promise<Beginning[]> {
  const { rows } = await tx.query<{ warning: number; org: number | null; severity: number }>(
    `select w.id as warning, w.org_id as org, w.severity from warnings w
     where w.rule = 'W5' and w.topic like '% silent' and w.state <> 'closed' and w.answer = 'pending' and w.lane = 0
       and w.opened_at <= to_timestamp($1 / 1000.0)
       and not exists (select 1 from oncall_climbs c where c.warning_id = w.id and c.cause = 'sensor'
         and c.began_at >= coalesce((select max(l.at) from warning_log l where l.warning_id = w.id and l.kind = 'reopened'), w.opened_at))
     limit 500`,
    [now - untriagedMs],
  )
  return rows.map((row) => ({ kind: 'csirt', cause: 'sensor', written: null, ...row }))
}

/** Its grace was the time to come back: nobody waits any longer. The first step is whom the warning's own notice told. */
async function missingHeartbeats(tx: Tx): Promise<Beginning[]> {
  const { rows } = await tx.query<{ warning: number; severity: number; notified: number }>(
    `select w.id as warning, w.severity, round(extract(epoch from w.notified_at) * 1000)::float8 as notified from warnings w
     where w.rule = 'W5' and w.topic like 'heartbeat %' and w.state <> 'closed' and w.answer = 'pending' and w.notified_at is not null
       and not exists (select 1 from oncall_climbs c where c.warning_id = w.id and c.cause = 'heartbeat')
     limit 500`,
  )
  return rows.map(({ warning, severity, notified }) => ({
    ...{ kind: 'csirt', cause: 'heartbeat', written: null, org: null, warning, severity },
    told: { topic: `warning ${warning} new ${notified}`, kind: 'new' },
  }))
}

async function overdueReviews(tx: Tx, now: number): Promise<Beginning[]> {
  const { rows } = await tx.query<{ written: number; severity: number }>(
    `select v.warning_id as written, v.severity from written_versions v join written_warnings w on w.id = v.warning_id
     where v.state = 'published' and v.judged_at is null and v.review_due_at <= to_timestamp($1 / 1000.0)
       and not exists (select 1 from oncall_climbs c where c.written_id = v.warning_id and c.cause = 'review' and c.began_at >= v.review_due_at)
     limit 100`,
    [now],
  )
  return rows.map(({ written, severity }) => ({
    kind: 'csirt',
    cause: 'review',
    warning: null,
    written,
    org: null,
    severity,
  }))
}
