/** Reminds of the action plan's dates, two weeks before and on the day: the moderators of the group that answers for a step, else the coordinators. */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { dayOf } from '../../platform/dates.ts'
import { leadersOf } from '../groups/index.ts'
import { placePath } from './places.ts'
import { type Action, dueSoon, isOverdue, plan } from './plan-read.ts'

/** Moderators do not edit the plan: they are led to where everybody reads it. */
const planPaths = { cs: placePath('plan', 'cs'), en: placePath('plan', 'en') }

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

/** A mail for each moderator of the group that owns the step, for each coordinator where it is no group or nobody leads it; answers how many. */
async function queue(tx: Tx, action: Action, days: number, now: number): Promise<number> {
  const detail = {
    template: 'plan-due',
    id: action.id,
    title: action.title,
    owner: action.owner,
    due: action.dueOn,
    days,
  }
  const topic = `plan:${action.id}:${action.dueOn}:${days}`
  const send = async (people: number[], more: object = {}): Promise<number> => {
    const { rowCount } = await tx.query(
      'select queue_account_mail($1, id, email, $2, to_timestamp($3 / 1000.0)) from people where id = any ($4)',
      [topic, { ...detail, ...more }, now, people],
    )
    return rowCount ?? 0
  }
  const leading = await leadersOf(tx, action.owner, now)
  return leading && leading.people.length > 0
    ? send(leading.people, { plan: planPaths })
    : send(await coordinatorsAt(tx, now))
}

async function coordinatorsAt(tx: Tx, now: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct p.id from people p join engagements e on e.person_id = p.id
     where p.disabled_at is null and e.role = 'coordinator' and e.valid_from <= to_timestamp($1 / 1000.0) and e.valid_to > to_timestamp($1 / 1000.0)`,
    [now],
  )
  return rows.map(({ id }) => id)
}
