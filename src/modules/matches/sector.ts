/** What coordinators know of matches: how many organisations, as a band, and names that wait for them. As the actor, whose policies see to it. */
import type { Actor } from '../../platform/access.ts'
import { asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { Forbidden, WrongState } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'

export interface Held {
  advisory: number
  title: string
  vendor: string
  product: string
  names: number
  makers: number
  heldAt: number
}

/** What no coordinator has let go yet, the newest first. */
export async function heldNow(tx: Queryable, advisory: number | null = null): Promise<Held[]> {
  const { rows } = await tx.query<Held & Record<string, unknown>>(
    `select h.advisory_id as advisory, a.title, h.vendor, h.product, h.names, h.makers, (extract(epoch from h.held_at) * 1000)::float8 as "heldAt"
     from match_held h join advisories a on a.id = h.advisory_id
     where h.released_at is null and ($1::int is null or h.advisory_id = $1) order by h.held_at desc, h.vendor, h.product limit 100`,
    [advisory],
  )
  return rows
}

export interface Counted {
  advisory: number
  title: string
  lang: string | null
  severity: number | null
  band: string
}

export async function counted(tx: Queryable): Promise<Counted[]> {
  const { rows } = await tx.query<Counted & Record<string, unknown>>(
    `select s.advisory_id as advisory, a.title, a.lang, a.severity, s.band from match_sums s join advisories a on a.id = s.advisory_id
     order by substring(s.band from '^[0-9]+')::int desc, a.severity desc nulls last, a.id desc limit 100`,
  )
  return rows
}

export async function bandAt(tx: Queryable, advisory: number): Promise<string | null> {
  const { rows } = await tx.query<{ band: string }>('select band from match_sums where advisory_id = $1', [
    advisory,
  ])
  return rows[0]?.band ?? null
}

/** Lets the held names of an advisory go to whom they match, also in later advisories. Throws Forbidden, WrongState. */
export async function release(db: Database, advisory: number, by: Actor, now: number): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Coordinators let names go')
  await asActor(db, by, now, async (tx) => {
    const { rows } = await tx.query<{ name: string }>(
      `update match_held set released_by = $2, released_at = $3 where advisory_id = $1 and released_at is null returning vendor || ' ' || product as name`,
      [advisory, by.person, iso(now)],
    )
    if (rows.length === 0) throw new WrongState('Nothing of this advisory waits')
    await tx.query('select match_released($1)', [advisory])
    await record(tx, {
      ...{ at: now, actor: by, verb: 'matches.release', object: `advisory ${advisory}` },
      detail: { product: rows.map(({ name }) => name.trim()).join(', ') },
      readers: [COORDINATORS],
    })
  })
}
