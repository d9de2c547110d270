/** What is only ever added to an action of the plan: updates, evidence, moved dates. */
import type { Actor } from '../../platform/access.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { type Day, dayOf, homeZone } from '../../platform/dates.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import {
  change,
  type EvidenceKind,
  type Faults,
  isLink,
  type Pair,
  requireDay,
  requireNone,
  requirePair,
  type Status,
  transitions,
} from './plan.ts'

export interface NewUpdate {
  status: Status
  /** Percent. */
  progress: number
  text: Pair
}

interface Standing extends Record<string, unknown> {
  status: Status
  progress: number
  dueOn: Day
}

/** Holds the action until the end of the transaction, and answers how it stands. */
async function lock(tx: Tx, id: number): Promise<Standing> {
  await tx.query('select id from plan_actions where id = $1 for update', [id])
  const { rows } = await tx.query<Standing>(
    `select coalesce(u.status, 'planned') as status, coalesce(u.progress, 0) as progress, coalesce(d.new_on, a.first_due_on) as "dueOn"
     from plan_actions a
     left join lateral (select status, progress from plan_updates where action_id = a.id order by id desc limit 1) u on true
     left join lateral (select new_on from plan_date_changes where action_id = a.id order by id desc limit 1) d on true
     where a.id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such action')
  return rows[0]
}

/** State and progress change only with a text. *Done* needs evidence and means 100 %. */
export async function update(
  db: Database,
  actor: Actor,
  id: number,
  wanted: NewUpdate,
  now: number,
): Promise<void> {
  const faults: Faults = {}
  requirePair(faults, 'text', wanted.text, 2_000)
  const { progress } = wanted
  if (!Number.isInteger(progress) || progress < 0 || progress > 100) faults.progress = 'progress'
  requireNone(faults)
  await change(db, actor, now, 'update', async (tx) => {
    const before = await lock(tx, id)
    const allowed: readonly Status[] = transitions[before.status]
    if (!allowed.includes(wanted.status)) throw new Invalid('Not from here', { status: 'status' })
    if (wanted.status === 'done') await requireEvidence(tx, id)
    await tx.query(
      `insert into plan_updates (action_id, at, status, progress, text_cs, text_en, by)
       values ($1, to_timestamp($2 / 1000.0), $3, $4, $5, $6, $7)`,
      [
        id,
        now,
        wanted.status,
        wanted.status === 'done' ? 100 : progress,
        wanted.text.cs.trim(),
        wanted.text.en.trim(),
        actor.person,
      ],
    )
    return { object: `action ${id}`, detail: wanted, answer: undefined }
  })
}

async function requireEvidence(tx: Tx, id: number): Promise<void> {
  const { rowCount } = await tx.query('select 1 from plan_evidence where action_id = $1 limit 1', [id])
  if (!rowCount) throw new Invalid('Done needs evidence', { status: 'evidence' })
}

/** Moves the date, with a reason, to today or later. `WrongState` for what is done or stopped. */
export async function moveDate(
  db: Database,
  actor: Actor,
  id: number,
  wanted: { newOn: Day; reason: Pair },
  now: number,
): Promise<void> {
  const faults: Faults = {}
  requirePair(faults, 'reason', wanted.reason, 400)
  requireDay(faults, 'new_on', wanted.newOn)
  if (!faults.new_on && wanted.newOn < dayOf(now, homeZone)) faults.new_on = 'past'
  requireNone(faults)
  await change(db, actor, now, 'moveDate', async (tx) => {
    const { status, dueOn } = await lock(tx, id)
    if (status === 'done' || status === 'stopped')
      throw new WrongState('The date of an action that is done or stopped does not move')
    if (dueOn === wanted.newOn) throw new Invalid('The same date', { new_on: 'same' })
    await tx.query(
      `insert into plan_date_changes (action_id, old_on, new_on, reason_cs, reason_en, at, by)
       values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), $7)`,
      [id, dueOn, wanted.newOn, wanted.reason.cs.trim(), wanted.reason.en.trim(), now, actor.person],
    )
    return { object: `action ${id}`, detail: { from: dueOn, ...wanted }, answer: undefined }
  })
}

/** What shows that something was done; it is added to and never taken away. */
export async function addEvidence(
  db: Database,
  actor: Actor,
  id: number,
  wanted: { kind: EvidenceKind; label: Pair; link: string },
  now: number,
): Promise<void> {
  const faults: Faults = {}
  requirePair(faults, 'label', wanted.label, 200)
  if (!isLink(wanted.link.trim())) faults.link = 'link'
  requireNone(faults)
  await change(db, actor, now, 'addEvidence', async (tx) => {
    await lock(tx, id)
    await tx.query(
      `insert into plan_evidence (action_id, kind, label_cs, label_en, link, at, by)
       values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), $7)`,
      [
        id,
        wanted.kind,
        wanted.label.cs.trim(),
        wanted.label.en.trim(),
        wanted.link.trim(),
        now,
        actor.person,
      ],
    )
    return { object: `action ${id}`, detail: wanted, answer: undefined }
  })
}
