/** What must go out: decided here as rows of the outbox; to whom, within which budget and when is the channels' business. */
import type { Role } from '../../platform/access.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { queue } from '../channels/index.ts'
import { log } from './log.ts'
import { begin } from './oncall/climb.ts'
import { critical, type Told, thresholds } from './quiet.ts'
import type { RuleId } from './types.ts'
import { afterWorkingDays } from './working-days.ts'

/** What notices need to know of a warning. */
export interface Subject {
  id: number
  org: number | null
  rule: RuleId
  severity: number
  lane: number
}

export type NoticeKind = 'new' | 'update' | 'relapse'

interface Step {
  to: 'security' | 'coordinators' | Role[]
  /** Since the step before; the notice itself is the step at 0. */
  after: { minutes: number } | { workingDays: number }
}

const minutes = (n: number): Step['after'] => ({ minutes: n })

/** Who is told next while nobody answers, below critical; what is critical climbs the organisation's own steps (oncall/). */
const ladders: Record<number, Step[]> = {
  3: [
    { to: ['security_manager'], after: minutes(240) },
    { to: ['manager'], after: minutes(240) },
    { to: 'coordinators', after: minutes(960) },
  ],
  2: [
    { to: ['security_manager', 'representative'], after: { workingDays: 2 } },
    { to: 'coordinators', after: { workingDays: 3 } },
  ],
}

const dueOf = (step: Step, from: number): number =>
  'minutes' in step.after
    ? from + step.after.minutes * 60_000
    : afterWorkingDays(from, step.after.workingDays)

const channelKind = (subject: Subject, kind: NoticeKind): NoticeKind | 'exercise' | 'sensor' =>
  subject.lane === 2 ? 'exercise' : subject.rule === 'W5' && kind === 'new' ? 'sensor' : kind

/**
 * Decides one notice: queues it, begins the repeat threshold and (for a member's trouble that grew) the ladder.
 * Answers how many deliveries were made. Severity info is never sent.
 */
export async function notify(
  tx: Tx,
  subject: Subject,
  kind: NoticeKind,
  told: Told,
  now: number,
): Promise<number> {
  if (subject.severity === 0) return 0
  const { id, org, severity } = subject
  const message = {
    kind: channelKind(subject, kind),
    topic: `warning ${id} ${kind} ${now}`,
    warning: id,
    org,
    severity,
    now,
  }
  let n = org === null ? 0 : await queue(tx, { ...message, to: 'security' })
  if (org === null || subject.rule === 'W5') n += await queue(tx, { ...message, to: 'coordinators' })
  const { repeat, relapse } = thresholds[severity] ?? thresholds[critical]
  const climbs = org !== null && subject.rule !== 'W5'
  const first = climbs ? ladders[severity]?.[0] : undefined
  await tx.query(
    `update warnings set notified_at = to_timestamp($2 / 1000.0), notified_state = $3, quiet_until = to_timestamp($4 / 1000.0),
       relapse_from = to_timestamp($5::float8 / 1000.0),
       ladder_step = case when answer = 'pending' then 0 else ladder_step end,
       ladder_due_at = case when answer = 'pending' then to_timestamp($6::float8 / 1000.0) end, changed_at = to_timestamp($2 / 1000.0)
     where id = $1`,
    [
      id,
      now,
      told,
      now + repeat,
      relapse === 0 ? null : now + repeat - relapse,
      first ? dueOf(first, now) : null,
    ],
  )
  if (climbs && severity >= critical) await climb(tx, subject, { topic: message.topic, kind }, now)
  await log(tx, id, kind === 'relapse' ? 'relapse' : 'told', now, null, { kind, severity, deliveries: n })
  return n
}

/** Begins to climb, unless somebody has answered. */
async function climb(
  tx: Tx,
  { id, org, severity, lane }: Subject,
  told: { topic: string; kind: NoticeKind },
  now: number,
): Promise<void> {
  const { rowCount } = await tx.query(`select 1 from warnings where id = $1 and answer = 'pending'`, [id])
  if (!rowCount) return
  const thing = { warning: id, written: null, org, severity }
  await begin(tx, { kind: 'member', cause: 'critical', ...thing, told, exercise: lane === 2 }, now)
}

/** Climbs every ladder whose next step is due and that nobody answered; answers how many steps were made. */
export function runLadders(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<Subject & { step: number; due: number }>(
      `select id, org_id as org, rule, severity, lane, ladder_step as step, extract(epoch from ladder_due_at)::float8 * 1000 as due
       from warnings where ladder_due_at <= to_timestamp($1 / 1000.0) and answer = 'pending' and org_id is not null
       order by ladder_due_at limit 200 for update skip locked`,
      [now],
    )
    for (const row of rows) await step(tx, row, row.step, row.due, now)
    return rows.length
  })
}

async function step(tx: Tx, subject: Subject, at: number, due: number, now: number): Promise<void> {
  const here = ladders[subject.severity]?.[at]
  const next = ladders[subject.severity]?.[at + 1]
  if (here) {
    const { id, org, severity } = subject
    const kind = subject.lane === 2 ? 'exercise' : 'ladder'
    const n = await queue(tx, {
      kind,
      topic: `warning ${id} ladder ${at} ${due}`,
      warning: id,
      org,
      severity,
      to: here.to,
      now,
    })
    await log(tx, id, 'ladder', now, null, { step: at + 1, to: here.to, deliveries: n })
  }
  await tx.query(
    `update warnings set ladder_step = $2, ladder_due_at = to_timestamp($3::float8 / 1000.0), changed_at = to_timestamp($4 / 1000.0) where id = $1`,
    [subject.id, at + 1, next ? dueOf(next, due) : null, now],
  )
  await tx.query(`select announce('warnings', $1)`, [String(subject.id)])
}

/** Tells the other side that something was written: coordinators of a question, the member of a reply. */
export function tell(
  db: Database,
  warning: number,
  what: 'question' | 'reply',
  now: number,
): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<Subject>(
      'select id, org_id as org, rule, severity, lane from warnings where id = $1',
      [warning],
    )
    const subject = rows[0]
    if (!subject || (what === 'reply' && subject.org === null)) return 0
    const to = what === 'question' ? 'coordinators' : 'security'
    const { org, severity } = subject
    return queue(tx, {
      kind: 'talk',
      topic: `warning ${warning} ${what} ${now}`,
      warning,
      org,
      severity,
      to,
      now,
    })
  })
}
