/** Which members agreed to be shown on the public map, and what everybody may count of the members. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export interface ShownMember {
  name: string
  kind: string
  region: string | null
}

/** The names that everybody may know. */
export async function shownMembers(tx: Queryable): Promise<ShownMember[]> {
  const { rows } = await tx.query<ShownMember & Record<string, unknown>>(
    'select name, kind, region from site_shown_members()',
  )
  return rows.sort((a, b) => a.name.localeCompare(b.name, 'cs'))
}

export const counterNames = ['involved', 'hospitals', 'signatories'] as const
export type Counter = (typeof counterNames)[number]

/** Null stands for fewer than five. */
export async function counters(tx: Queryable): Promise<Record<Counter, number | null>> {
  const { rows } = await tx.query<{ counter: string; n: number | null }>(
    'select counter, n from site_counters()',
  )
  const of = (name: Counter) => rows.find((row) => row.counter === name)?.n ?? null
  return { involved: of('involved'), hospitals: of('hospitals'), signatories: of('signatories') }
}

export interface Choice {
  id: number
  name: string
  /** Since when it is shown; null when it is not. */
  since: number | null
}

/** The organisations that the actor may decide for. */
export async function choicesOf(tx: Queryable, actor: Actor): Promise<Choice[]> {
  const { rows } = await tx.query<Choice & Record<string, unknown>>(
    `select o.id, o.name, extract(epoch from s.agreed_at)::float8 * 1000 as since
     from organisations o left join site_showings s on s.org_id = o.id where o.status in ('participant', 'signatory')
     order by lower(o.name) collate "cs-x-icu" limit 2000`,
  )
  return rows.filter((row) => mayAgree(actor, row.id))
}

/** Its representative decides, or a coordinator on its behalf. */
const mayAgree = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) ||
  // What was merged into it has left the map; nobody agrees for it any more.
  actor.engagements.some((e) => e.org === org && e.role === 'representative' && e.through == null)

/** Agrees that an organisation is shown with its name, or takes that back; the same answer twice changes nothing. */
export async function agree(
  db: Database,
  actor: Actor,
  org: number,
  shown: boolean,
  now: number,
): Promise<void> {
  await asActor(db, actor, now, async (tx) => {
    const { rowCount: known } = await tx.query('select 1 from organisations where id = $1', [org])
    if (!known) throw new NotFound('There is no such organisation')
    if (!mayAgree(actor, org))
      throw new Forbidden('Only the representative of an organisation decides whether it is shown')
    const { rowCount: changed } = shown
      ? await tx.query(
          `insert into site_showings (org_id, agreed_at, agreed_by) values ($1, to_timestamp($2 / 1000.0), $3) on conflict do nothing`,
          [org, now, actor.person],
        )
      : await tx.query('delete from site_showings where org_id = $1', [org])
    if (!changed) return
    await record(tx, {
      at: now,
      actor,
      verb: shown ? 'site.agreeToShow' : 'site.takeBackShowing',
      object: `organisation ${org}`,
      org,
      readers: [COORDINATORS, readersOfOrg(org)],
    })
  })
}
