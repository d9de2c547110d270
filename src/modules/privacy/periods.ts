/** The periods of keeping: what is in force and was before, what would go with another one, and setting it. */
import { type Actor, asActor, isOperator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { before, bounds, type Kept, keptThings } from '../../platform/retention.ts'
import { COORDINATORS, OPERATORS } from '../../values/scopes.ts'

export interface Period {
  what: Kept
  version: number
  days: number
  basisCs: string
  basisEn: string
  reason: string
  /** Milliseconds since 1970. */
  changedAt: number
  /** Name of the person; null as delivered, or where the reader may not see whom. */
  by: string | null
}

const select = `select r.what, r.version, r.days, r.basis_cs as "basisCs", r.basis_en as "basisEn", r.reason,
    (extract(epoch from r.changed_at) * 1000)::float8 as "changedAt", p.name as by
  from retention_periods r left join people p on p.id = r.changed_by`

/** Those in force, in the order of the list of things. */
export async function inForce(tx: Tx): Promise<Period[]> {
  const { rows } = await tx.query<Period & Record<string, unknown>>(
    `select * from (select distinct on (x.what) x.* from (${select}) x order by x.what, x.version desc) newest`,
  )
  return rows.sort((a, b) => keptThings.indexOf(a.what) - keptThings.indexOf(b.what))
}

/** Every version, the newest first. Throws NotFound for a thing that has no period. */
export async function history(tx: Tx, what: string): Promise<[Period, ...Period[]]> {
  const { rows } = await tx.query<Period & Record<string, unknown>>(
    `${select} where r.what = $1 order by r.version desc`,
    [what],
  )
  const [newest, ...earlier] = rows
  if (!newest || !Object.hasOwn(bounds, what)) throw new NotFound('There is no such period.')
  return [newest, ...earlier]
}

/** How many rows would go at `now` if the thing were kept for so many days. */
export async function wouldGo(tx: Tx, what: Kept, days: number, now: number): Promise<number> {
  const { rows } = await tx.query<{ n: number | null }>('select retention_count($1, $2) as n', [
    what,
    new Date(before(days, now)).toISOString(),
  ])
  return rows[0]?.n ?? 0
}

export interface Wish {
  days: number
  reason: string
  basisCs: string
  basisEn: string
}

/** Whole days within the bounds; throws Invalid, named by the field. */
export function daysWithin(what: Kept, text: string): number {
  const { least, most } = bounds[what]
  const days = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(days >= least && days <= most))
    throw new Invalid(`Write a number of days from ${least} to ${most}.`, { days: 'days' })
  return days
}

/**
 * Sets a period; it counts at the next step that forgets. Operators alone. `version` is the one that the person saw: WrongState
 * when somebody else has set another since, Invalid by field, NotFound.
 */
export async function setPeriod(
  db: Database,
  what: string,
  version: number,
  wish: Wish,
  by: Actor,
  now: number,
): Promise<void> {
  if (!isOperator(by)) throw new Forbidden('Periods of keeping are set by operators.')
  await asActor(db, by, now, async (tx) => {
    const [present] = await history(tx, what)
    const days = daysWithin(present.what, String(wish.days))
    const texts = { reason: wish.reason, basisCs: wish.basisCs, basisEn: wish.basisEn }
    const wrong = Object.entries(texts).filter(([, text]) => !(text.trim() && text.length <= 1000))
    if (wrong.length > 0)
      throw new Invalid(
        'Say why, in at most 1000 characters.',
        Object.fromEntries(wrong.map(([name]) => [name, 'text'])),
      )
    const { rowCount } = await tx.query(
      `insert into retention_periods (what, version, days, basis_cs, basis_en, reason, changed_at, changed_by)
       values ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0), $8) on conflict do nothing`,
      [
        what,
        version + 1,
        days,
        texts.basisCs.trim(),
        texts.basisEn.trim(),
        texts.reason.trim(),
        now,
        by.person,
      ],
    )
    if (rowCount === 0 || present.version !== version)
      throw new WrongState('Somebody else has set this period meanwhile: look at it again.')
    await record(tx, {
      at: now,
      actor: by,
      verb: 'privacy.set-period',
      object: `period ${what}`,
      detail: { from: present.days, to: days, reason: texts.reason.trim() },
      readers: [COORDINATORS, OPERATORS],
    })
  })
}
