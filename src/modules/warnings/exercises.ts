/** Exercises: events that carry one's label travel as real ones do, marked everywhere and kept out of the figures. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../platform/errors.ts'
import { ANY_MEMBER, COORDINATORS } from '../../values/scopes.ts'

export interface Exercise {
  /** The label that its events carry. */
  id: string
  title: string
  startsAt: number
  endsAt: number
  createdBy: string | null
  warnings: number
}

export type NewExercise = Pick<Exercise, 'id' | 'title' | 'startsAt' | 'endsAt'>

/** Coordinators only; `Invalid` for a bad label or times, `WrongState` when the label is taken. */
export async function createExercise(
  db: Database,
  actor: Actor,
  wanted: NewExercise,
  now: number,
): Promise<void> {
  if (!isCoordinator(actor)) throw new Forbidden('Only a coordinator opens an exercise')
  if (!/^[\w.-]{1,64}$/.test(wanted.id))
    throw new Invalid('Bad label', { id: 'Letters, digits, dot, hyphen; at most 64' })
  if (wanted.title.trim() === '') throw new Invalid('No title', { title: 'Name the exercise' })
  if (!(wanted.endsAt > wanted.startsAt))
    throw new Invalid('Bad times', { endsAt: 'The end must lie after the beginning' })
  await asActor(db, actor, now, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into exercises (id, title, starts_at, ends_at, created_by, created_at)
       values ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0), $5, to_timestamp($6 / 1000.0)) on conflict do nothing`,
      [wanted.id, wanted.title.trim(), wanted.startsAt, wanted.endsAt, actor.person, now],
    )
    if (!rowCount) throw new WrongState(`An exercise named ${wanted.id} exists already`)
    // The doors hold the exercises beside the sensors that may play in them.
    await tx.query(`select announce('sensors', '')`)
    await record(tx, {
      at: now,
      actor,
      verb: 'warnings.createExercise',
      object: `exercise ${wanted.id}`,
      detail: wanted,
      readers: [COORDINATORS, ANY_MEMBER],
    })
  })
}

/** Newest first; `warnings` counts those that the reader may see. */
export async function listExercises(tx: Queryable): Promise<Exercise[]> {
  const { rows } = await tx.query<Exercise & Record<string, unknown>>(
    `select e.id, e.title, extract(epoch from e.starts_at)::float8 * 1000 as "startsAt", extract(epoch from e.ends_at)::float8 * 1000 as "endsAt",
       p.name as "createdBy", (select count(*)::int from warnings w where w.exercise = e.id) as warnings
     from exercises e left join people p on p.id = e.created_by order by e.starts_at desc limit 200`,
  )
  return rows
}
