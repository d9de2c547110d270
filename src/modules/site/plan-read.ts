/** The plan as the reader of the transaction may see it, with what follows from its rows: dates in force, slips, lateness. */
import { type Queryable, together } from '../../platform/database.ts'
import { type Day, dayOf } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import type { EvidenceKind, Pair, Status } from './plan.ts'

export interface Update {
  id: number
  at: number
  status: Status
  progress: number
  text: Pair
}

export interface Evidence {
  id: number
  kind: EvidenceKind
  label: Pair
  link: string
  at: number
}

export interface DateChange {
  id: number
  at: number
  oldOn: Day
  newOn: Day
  reason: Pair
}

export interface Action {
  id: number
  goal: number
  title: Pair
  owner: string
  startOn: Day
  firstDueOn: Day
  dueOn: Day
  status: Status
  progress: number
  public: boolean
  createdAt: number
  /** Past its date and neither done nor stopped. */
  overdue: boolean
  /** Each the oldest first. */
  updates: Update[]
  evidence: Evidence[]
  dateChanges: DateChange[]
}

export interface Goal {
  id: number
  title: Pair
  paragraph: string
  actions: Action[]
}

const dayMs = 86_400_000

/** By how many days the date in force lies after the first one; negative when it was brought forward. */
export const slippedDays = ({ firstDueOn, dueOn }: Pick<Action, 'firstDueOn' | 'dueOn'>): number =>
  Math.round((Date.parse(dueOn) - Date.parse(firstDueOn)) / dayMs)

/** On the day after its date an action is late, in the zone of the sector. */
export const isOverdue = (status: Status, dueOn: Day, today: Day): boolean =>
  dueOn < today && (status === 'planned' || status === 'running')

/** Days until the date in force when it is near (two weeks, or today), else null: the owner is to be reminded. */
export function dueSoon({ status, dueOn }: Pick<Action, 'status' | 'dueOn'>, today: Day): number | null {
  if (status !== 'planned' && status !== 'running') return null
  const days = Math.round((Date.parse(dueOn) - Date.parse(today)) / dayMs)
  return days >= 0 && days <= 14 ? days : null
}

interface ActionRow extends Record<string, unknown> {
  id: number
  goal: number
  cs: string
  en: string
  owner: string
  startOn: Day
  firstDueOn: Day
  public: boolean
  createdAt: number
}

interface Attached extends Record<string, unknown> {
  action: number
  cs: string
  en: string
}

const at = 'extract(epoch from at)::float8 * 1000 as at'

/** Rows of one kind by their action, each with its pair of texts under `name`. */
function attach<Row extends Attached, Made>(
  rows: Row[],
  make: (row: Row, pair: Pair) => Made,
): Map<number, Made[]> {
  const made = new Map<number, Made[]>()
  for (const row of rows) {
    const list = made.get(row.action) ?? []
    list.push(make(row, { cs: row.cs, en: row.en }))
    made.set(row.action, list)
  }
  return made
}

async function attachedOf(tx: Queryable) {
  const { updates, evidence, changes } = await together({
    updates: tx.query<Attached & Omit<Update, 'text'>>(
      `select id, action_id as action, ${at}, status, progress, text_cs as cs, text_en as en from plan_updates order by id`,
    ),
    evidence: tx.query<Attached & Omit<Evidence, 'label'>>(
      `select id, action_id as action, ${at}, kind, link, label_cs as cs, label_en as en from plan_evidence order by id`,
    ),
    changes: tx.query<Attached & Omit<DateChange, 'reason'>>(
      `select id, action_id as action, ${at}, old_on as "oldOn", new_on as "newOn", reason_cs as cs, reason_en as en from plan_date_changes order by id`,
    ),
  })
  return {
    updates: attach(updates.rows, (row, text): Update => {
      const { id, at: when, status, progress } = row
      return { id, at: when, status, progress, text }
    }),
    evidence: attach(evidence.rows, (row, label): Evidence => {
      const { id, at: when, kind, link } = row
      return { id, at: when, kind, link, label }
    }),
    dateChanges: attach(changes.rows, (row, reason): DateChange => {
      const { id, at: when, oldOn, newOn } = row
      return { id, at: when, oldOn, newOn, reason }
    }),
  }
}

/** Goals in their order with their actions by date. A goal without an action is shown to coordinators alone. */
export async function plan(tx: Queryable, now: number, zone: string): Promise<Goal[]> {
  const today = dayOf(now, zone)
  const { attached, found, goals } = await together({
    attached: attachedOf(tx),
    found: tx.query<ActionRow>(
      `select id, goal_id as goal, title_cs as cs, title_en as en, owner, start_on as "startOn", first_due_on as "firstDueOn", public,
         extract(epoch from created_at)::float8 * 1000 as "createdAt" from plan_actions`,
    ),
    goals: tx.query<{ id: number; cs: string; en: string; paragraph: string }>(
      'select id, title_cs as cs, title_en as en, paragraph from plan_goals order by position, id',
    ),
  })
  const actions = found.rows.map(({ cs, en, ...row }): Action => {
    const updates = attached.updates.get(row.id) ?? []
    const dateChanges = attached.dateChanges.get(row.id) ?? []
    const last = updates.at(-1)
    const status = last?.status ?? 'planned'
    const dueOn = dateChanges.at(-1)?.newOn ?? row.firstDueOn
    return {
      ...row,
      title: { cs, en },
      dueOn,
      status,
      progress: last?.progress ?? 0,
      overdue: isOverdue(status, dueOn, today),
      updates,
      evidence: attached.evidence.get(row.id) ?? [],
      dateChanges,
    }
  })
  return goals.rows.map(({ id, cs, en, paragraph }) => ({
    id,
    title: { cs, en },
    paragraph,
    actions: actions
      .filter((action) => action.goal === id)
      .sort((a, b) => a.dueOn.localeCompare(b.dueOn) || a.id - b.id),
  }))
}

export async function planAction(tx: Queryable, id: number, now: number, zone: string): Promise<Action> {
  const found = (await plan(tx, now, zone)).flatMap((goal) => goal.actions).find((one) => one.id === id)
  if (!found) throw new NotFound('There is no such action')
  return found
}
