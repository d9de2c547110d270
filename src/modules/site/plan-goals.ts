/** Goals and actions of the plan: made, and put into other words. */
import type { Actor } from '../../platform/access.ts'
import type { Database } from '../../platform/database.ts'
import type { Day } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import { change, type Faults, type Pair, requireDay, requireNone, requirePair } from './plan.ts'
import { isWritable } from './texts.ts'

export interface NewGoal {
  title: Pair
  /** Where the memorandum says it. */
  paragraph: string
}

export interface ActionWords {
  title: Pair
  /** The group that answers for it. */
  owner: string
  public: boolean
}

export interface NewAction extends ActionWords {
  goal: number
  startOn: Day
  dueOn: Day
}

function requireGoal(wanted: NewGoal): void {
  const faults: Faults = {}
  requirePair(faults, 'title', wanted.title, 200)
  if (wanted.paragraph.length > 80 || !isWritable(wanted.paragraph)) faults.paragraph = 'text-long'
  requireNone(faults)
}

export async function addGoal(db: Database, actor: Actor, wanted: NewGoal, now: number): Promise<number> {
  requireGoal(wanted)
  return change(db, actor, now, 'addGoal', async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `insert into plan_goals (title_cs, title_en, paragraph, created_at, created_by)
       values ($1, $2, $3, to_timestamp($4 / 1000.0), $5) returning id`,
      [wanted.title.cs.trim(), wanted.title.en.trim(), wanted.paragraph.trim(), now, actor.person],
    )
    const id = rows[0]?.id ?? 0
    return { object: `goal ${id}`, detail: wanted, answer: id }
  })
}

export async function rewordGoal(
  db: Database,
  actor: Actor,
  id: number,
  wanted: NewGoal,
  now: number,
): Promise<void> {
  requireGoal(wanted)
  await change(db, actor, now, 'rewordGoal', async (tx) => {
    const { rowCount } = await tx.query(
      'update plan_goals set title_cs = $2, title_en = $3, paragraph = $4 where id = $1',
      [id, wanted.title.cs.trim(), wanted.title.en.trim(), wanted.paragraph.trim()],
    )
    if (!rowCount) throw new NotFound('There is no such goal')
    return { object: `goal ${id}`, detail: wanted, answer: undefined }
  })
}

function requireWords(faults: Faults, wanted: ActionWords): void {
  requirePair(faults, 'title', wanted.title, 200)
  const owner = wanted.owner.trim()
  if (owner === '' || owner.length > 80 || !isWritable(owner)) faults.owner = 'owner'
}

/** A new action, planned and at 0 %. Its date moves only by `moveDate`. */
export async function addAction(db: Database, actor: Actor, wanted: NewAction, now: number): Promise<number> {
  const faults: Faults = {}
  requireWords(faults, wanted)
  requireDay(faults, 'start', wanted.startOn)
  requireDay(faults, 'due', wanted.dueOn)
  if (!faults.start && !faults.due && wanted.dueOn < wanted.startOn) faults.due = 'due-before'
  requireNone(faults)
  return change(db, actor, now, 'addAction', async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `insert into plan_actions (goal_id, title_cs, title_en, owner, start_on, first_due_on, public, created_at, created_by)
       select id, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), $9 from plan_goals where id = $1 returning id`,
      [
        wanted.goal,
        wanted.title.cs.trim(),
        wanted.title.en.trim(),
        wanted.owner.trim(),
        wanted.startOn,
        wanted.dueOn,
        wanted.public,
        now,
        actor.person,
      ],
    )
    const id = rows[0]?.id
    if (id === undefined) throw new NotFound('There is no such goal')
    return { object: `action ${id}`, detail: wanted, answer: id }
  })
}

export async function rewordAction(
  db: Database,
  actor: Actor,
  id: number,
  wanted: ActionWords,
  now: number,
): Promise<void> {
  const faults: Faults = {}
  requireWords(faults, wanted)
  requireNone(faults)
  await change(db, actor, now, 'rewordAction', async (tx) => {
    const { rowCount } = await tx.query(
      'update plan_actions set title_cs = $2, title_en = $3, owner = $4, public = $5 where id = $1',
      [id, wanted.title.cs.trim(), wanted.title.en.trim(), wanted.owner.trim(), wanted.public],
    )
    if (!rowCount) throw new NotFound('There is no such action')
    return { object: `action ${id}`, detail: wanted, answer: undefined }
  })
}
