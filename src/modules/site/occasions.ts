/** What is on the calendar: when and where, beside the text that says what. Trainings are a kind of it. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { isWritable } from './texts.ts'

export const occasionKinds = ['event', 'training'] as const
export type OccasionKind = (typeof occasionKinds)[number]

export interface Schedule {
  kind: OccasionKind
  startsAt: number
  endsAt: number
  /** A place or the address of a meeting; empty when it is not said. */
  place: string
}

export interface Occasion extends Schedule {
  /** Id of its text. */
  id: number
  cancelledAt: number | null
  sequence: number
  changedAt: number
}

/** An occasion is a matter of days; a longer one is a mistake in the year. */
const longestMs = 31 * 86_400_000
export const longestPlace = 200

/** Throws `Invalid` naming the field; the sentences are those of `site.error`. */
export function requireSchedule(wanted: Schedule): void {
  const faults: Record<string, string> = {}
  if (!(wanted.endsAt > wanted.startsAt)) faults.ends = 'ends'
  else if (wanted.endsAt - wanted.startsAt > longestMs) faults.ends = 'ends-long'
  if (wanted.place.length > longestPlace || !isWritable(wanted.place)) faults.place = 'place'
  if (Object.keys(faults).length > 0) throw new Invalid('The time or place cannot be', faults)
}

export async function insertSchedule(tx: Tx, page: number, wanted: Schedule, now: number): Promise<void> {
  await tx.query(
    `insert into site_occasions (page_id, kind, starts_at, ends_at, place, changed_at)
     values ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0), $5, to_timestamp($6 / 1000.0))`,
    [page, wanted.kind, wanted.startsAt, wanted.endsAt, wanted.place.trim(), now],
  )
}

/** Moves an occasion; calendars that took it over see the change by its sequence. */
export async function reschedule(
  db: Database,
  actor: Actor,
  page: number,
  wanted: Schedule,
  now: number,
): Promise<void> {
  if (!isCoordinator(actor)) throw new Forbidden('Only coordinators edit the public web')
  requireSchedule(wanted)
  await asActor(db, actor, now, async (tx) => {
    const { rowCount } = await tx.query(
      `update site_occasions set kind = $2, starts_at = to_timestamp($3 / 1000.0), ends_at = to_timestamp($4 / 1000.0), place = $5,
         sequence = sequence + 1, changed_at = to_timestamp($6 / 1000.0)
       where page_id = $1 and cancelled_at is null`,
      [page, wanted.kind, wanted.startsAt, wanted.endsAt, wanted.place.trim(), now],
    )
    if (!rowCount) await refuse(tx, page)
    await note(tx, actor, 'reschedule', page, wanted, now)
  })
}

/** Calls it off; it stays on the page and in calendars as cancelled. */
export async function cancel(db: Database, actor: Actor, page: number, now: number): Promise<void> {
  if (!isCoordinator(actor)) throw new Forbidden('Only coordinators edit the public web')
  await asActor(db, actor, now, async (tx) => {
    const { rowCount } = await tx.query(
      `update site_occasions set cancelled_at = to_timestamp($2 / 1000.0), sequence = sequence + 1, changed_at = to_timestamp($2 / 1000.0)
       where page_id = $1 and cancelled_at is null`,
      [page, now],
    )
    if (!rowCount) await refuse(tx, page)
    await note(tx, actor, 'cancel', page, {}, now)
  })
}

async function refuse(tx: Tx, page: number): Promise<never> {
  const { rowCount } = await tx.query('select 1 from site_occasions where page_id = $1', [page])
  if (rowCount) throw new WrongState('It was cancelled already')
  throw new NotFound('There is no such event')
}

const note = (tx: Tx, actor: Actor, verb: string, page: number, detail: object, now: number) =>
  record(tx, {
    at: now,
    actor,
    verb: `site.${verb}`,
    object: `text ${page}`,
    detail,
    readers: [COORDINATORS],
  })

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

/** Occasions that the reader may see and that end after `from`, the nearest first; `only` narrows to one. */
export async function occasions(
  tx: Queryable,
  { from = 0, only = null }: { from?: number; only?: number | null } = {},
): Promise<Occasion[]> {
  const { rows } = await tx.query<Occasion & Record<string, unknown>>(
    `select page_id as id, kind, ${ms('starts_at')} as "startsAt", ${ms('ends_at')} as "endsAt", place,
       ${ms('cancelled_at')} as "cancelledAt", sequence, ${ms('changed_at')} as "changedAt"
     from site_occasions where ends_at > to_timestamp($1 / 1000.0) and ($2::int is null or page_id = $2)
     order by starts_at, page_id limit 500`,
    [from, only],
  )
  return rows
}
