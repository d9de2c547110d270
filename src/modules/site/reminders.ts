/** Reminds the coordinators of the action plan's dates: two weeks before, and on the day. */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { dayOf } from '../../platform/dates.ts'
import { type Action, dueSoon, isOverdue, plan } from './plan-read.ts'

interface Reminded {
  id: number
  dueOn: string | null
  days: number | null
}

/** A reminder for the day is sent within the week after it where nothing ran on the day; what is late for longer is seen on the page. */
const lateDays = 7

/** Which reminder is due: 14 days before the date or later, or 0 from the day on. */
function reminderOf(action: Action, today: string): 14 | 0 | null {
  if (isOverdue(action.status, action.dueOn, today))
    return Date.parse(today) - Date.parse(action.dueOn) <= lateDays * 86_400_000 ? 0 : null
  const days = dueSoon(action, today)
  return days === null ? null : days === 0 ? 0 : 14
}

/** Answers how many mails were queued. */
export function remindOfPlan(db: Database, zone: string, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const today = dayOf(now, zone)
    const { rows } = await tx.query<Reminded & Record<string, unknown>>(
      'select id, reminded_for as "dueOn", reminded_days as days from plan_actions for update skip locked',
    )
    const told = new Map(rows.map((row) => [row.id, row]))
    let queued = 0
    for (const action of (await plan(tx, now, zone)).flatMap((goal) => goal.actions)) {
      const before = told.get(action.id)
      const days = reminderOf(action, today)
      if (!before || days === null || (before.dueOn === action.dueOn && Number(before.days) <= days)) continue
      queued += await queue(tx, action, days, now)
      await tx.query('update plan_actions set reminded_for = $2, reminded_days = $3 where id = $1', [
        action.id,
        action.dueOn,
        days,
      ])
    }
    return queued
  })
}

/** A mail for each coordinator; answers how many. */
async function queue(tx: Tx, action: Action, days: number, now: number): Promise<number> {
  const detail = {
    template: 'plan-due',
    id: action.id,
    title: action.title,
    owner: action.owner,
    due: action.dueOn,
    days,
  }
  const { rowCount } = await tx.query(
    `select queue_account_mail($1, p.id, p.email, $2, to_timestamp($3 / 1000.0)) from people p
     where p.disabled_at is null and p.id in (select person_id from engagements e where e.role = 'coordinator'
       and e.valid_from <= to_timestamp($3 / 1000.0) and e.valid_to > to_timestamp($3 / 1000.0))`,
    [`plan:${action.id}:${action.dueOn}:${days}`, detail, now],
  )
  return rowCount ?? 0
}
