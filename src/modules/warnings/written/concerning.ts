/** What written warnings ask of organisations now: one line for each that has not yet done what it was asked. */
import type { Queryable } from '../../../platform/database.ts'
import { isAsked } from './owners.ts'
import type { Standing, Texts } from './types.ts'

export interface Asked {
  warning: number
  number: string
  severity: number
  tlp: string
  texts: Texts
  translation: 'missing' | 'outdated' | 'done'
  org: number
  orgName: string
  answer: Standing
  askedAt: number
  actionBy: string | null
  plannedOn: string | null
  /** Two of its people said opposite things. */
  conflict: boolean
}

const most = 500
/** What was said to be mitigated before a day had to be given for the repair comes back after so many days. */
const undatedDays = 30

/** As the reader; `today` as `YYYY-MM-DD`: what is mitigated comes back on the day for which its repair was planned. */
export async function askedOf(tx: Queryable, orgs: number[], today: string): Promise<Asked[]> {
  const { rows } = await tx.query<Asked & Record<string, unknown>>(
    `select w.id as warning, w.number, v.severity, v.tlp, v.texts, v.translation, a.org_id as org, coalesce(h.name, o.name) as "orgName", a.answer,
       extract(epoch from a.asked_at)::float8 * 1000 as "askedAt", v.action_by as "actionBy", a.planned_on as "plannedOn", a.conflict
     from written_asked a join written_warnings w on w.id = a.warning_id join written_versions v on v.warning_id = w.id and v.no = w.version
       join organisations o on o.id = a.org_id left join organisations h on h.id = o.present_id
     where a.org_id = any ($1) and ${isAsked('a')} and a.out_at is null and w.state = 'published' and (w.ends_at is null or w.ends_at > (select actor_now()))
       and (a.answer in ('pending', 'seen', 'working') or a.answer = 'mitigated' and coalesce(a.planned_on, a.answered_at::date + ${undatedDays}) <= $2::date)
     order by v.severity desc, a.asked_at desc, w.id desc limit ${most}`,
    [orgs, today],
  )
  return rows
}

export interface Waiting {
  warning: number
  number: string | null
  severity: number
  texts: Texts
  translation: 'missing' | 'outdated' | 'done'
  author: string | null
  /** `overdue`: released by one alone, and nobody has looked at it in time. */
  why: 'review' | 'unreviewed' | 'overdue'
  since: number
  dueAt: number | null
}

/** What waits for another coordinator, as the reader may see it: what is overdue first, then by severity, then the longest waiting. */
export async function waitingForReview(tx: Queryable, now: number): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting & Record<string, unknown>>(
    `select * from (
       select w.id as warning, w.number, v.severity, v.texts, v.translation, p.name as author,
         case when v.state = 'review' then 'review' when v.review_due_at <= to_timestamp($1 / 1000.0) then 'overdue' else 'unreviewed' end as why,
         extract(epoch from v.changed_at)::float8 * 1000 as since, extract(epoch from v.review_due_at)::float8 * 1000 as "dueAt"
       from written_versions v join written_warnings w on w.id = v.warning_id left join people p on p.id = v.author_id
       where v.state = 'review' or v.state = 'published' and w.state = 'published' and v.review_due_at is not null and v.judged_at is null) x
     order by why <> 'overdue', severity desc, since limit 100`,
    [now],
  )
  return rows
}
