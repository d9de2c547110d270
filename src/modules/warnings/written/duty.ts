/** Periods in which one coordinator alone is on duty: declared beforehand, so that an emergency can go out at night (emergency.md 4). */
import { type Actor, asActor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Database, Queryable } from '../../../platform/database.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS } from '../../../values/scopes.ts'
import { must } from './edit.ts'

export interface Period {
  id: number
  startsAt: number
  endsAt: number
  reason: string
  declaredBy: string | null
  declaredAt: number
}

const longestMs = 14 * 86_400_000
const reasonLength = { least: 5, most: 500 }

const columns = `d.id, extract(epoch from d.starts_at)::float8 * 1000 as "startsAt", extract(epoch from d.ends_at)::float8 * 1000 as "endsAt", d.reason,
  (select p.name from people p where p.id = d.declared_by) as "declaredBy", extract(epoch from d.declared_at)::float8 * 1000 as "declaredAt"`

/** Declares a period that begins now or later; `Invalid` names `startsAt`, `endsAt` or `reason`. */
export async function declare(
  db: Database,
  by: Actor,
  wanted: { startsAt: number; endsAt: number; reason: string },
  now: number,
): Promise<void> {
  must(by)
  const reason = wanted.reason.trim()
  const wrong: Record<string, string> = {}
  if (!(wanted.startsAt >= now)) wrong.startsAt = 'past'
  if (!(wanted.endsAt > wanted.startsAt)) wrong.endsAt = 'order'
  else if (wanted.endsAt - wanted.startsAt > longestMs) wrong.endsAt = 'long'
  if (reason.length < reasonLength.least || reason.length > reasonLength.most) wrong.reason = 'reason'
  if (Object.keys(wrong).length > 0) throw new Invalid('The period cannot be declared so', wrong)
  await asActor(db, by, now, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `insert into single_duty_periods (starts_at, ends_at, reason, declared_by, declared_at)
       values (to_timestamp($1 / 1000.0), to_timestamp($2 / 1000.0), $3, $4, to_timestamp($5 / 1000.0)) returning id`,
      [wanted.startsAt, wanted.endsAt, reason, by.person, now],
    )
    await line(tx, by, 'declareSingleDuty', rows[0]?.id ?? 0, { ...wanted, reason }, now)
  })
}

/** Ends a period now, or takes one back that has not begun. */
export async function shorten(db: Database, by: Actor, id: number, now: number): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    const { rowCount } = await tx.query(
      `update single_duty_periods set ends_at = greatest(to_timestamp($2 / 1000.0), starts_at + interval '1 millisecond')
       where id = $1 and ends_at > to_timestamp($2 / 1000.0)`,
      [id, now],
    )
    if (!rowCount) throw new WrongState('The period is over')
    await line(tx, by, 'endSingleDuty', id, {}, now)
  })
}

const line = (
  tx: Queryable,
  by: Actor,
  verb: string,
  id: number,
  detail: object,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `warnings.${verb}`,
    object: `single-duty period ${id}`,
    detail,
    readers: [COORDINATORS],
  })

/** The period in force, or null. */
export async function periodAt(tx: Queryable, now: number): Promise<Period | null> {
  const { rows } = await tx.query<Period & Record<string, unknown>>(
    `select ${columns} from single_duty_periods d
     where d.starts_at <= to_timestamp($1 / 1000.0) and d.ends_at > to_timestamp($1 / 1000.0) order by d.ends_at desc limit 1`,
    [now],
  )
  return rows[0] ?? null
}

/** The newest first. */
export async function periods(tx: Queryable): Promise<Period[]> {
  const { rows } = await tx.query<Period & Record<string, unknown>>(
    `select ${columns} from single_duty_periods d order by d.starts_at desc, d.id desc limit 100`,
  )
  return rows
}
