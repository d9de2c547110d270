/**
 * What the sector runs, over the organisations that agreed. The program counts with its own hand and publishes; whoever
 * reads sees nothing else. No figure concerns fewer than five organisations, none can be had by subtraction.
 */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { type Day, dayOf, iso } from '../../platform/dates.ts'
import { write } from '../../platform/settings.ts'
import { bandOf, least } from '../../values/bands.ts'
import { type Cell, publishable } from '../../values/cells.ts'
import type { Kind } from './asset.ts'
import { matcherOf, type Supported } from './support/match.ts'
import { standingOf } from './support/standing.ts'
import { supportTables } from './support/table.ts'

/** Breakdowns; the items of each are all pieces of what it is about. */
export const dims = ['kind', 'support', 'medical-support', 'medical-segmented', 'ended'] as const
export type Dim = (typeof dims)[number]

const markName = 'asset_sums'

interface Group extends Supported {
  org: number
  kind: Kind
  segmented: boolean | null
  pieces: number
}

/** Once a day, or `anew` when an organisation has changed its mind. Answers whether it published. */
export function publishSums(db: Database, zone: string, now: number, anew = false): Promise<boolean> {
  return asEngine(db, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('sums of assets'))`)
    const today = dayOf(now, zone)
    const { rows } = await tx.query<{ day: Day | null }>(
      `select value ->> 'day' as day from settings where name = $1`,
      [markName],
    )
    if (!anew && rows[0]?.day === today) return false
    await replace(tx, await cellsOf(tx, today), await membersCount(tx), now)
    await write(tx, markName, { day: today }, now)
    return true
  })
}

async function membersCount(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from organisations where status in ('participant', 'signatory')`,
  )
  return rows[0]?.n ?? 0
}

async function cellsOf(tx: Tx, today: Day): Promise<Map<Dim, Cell[]>> {
  const match = matcherOf((await supportTables(tx)).rows)
  const found = new Map<Dim, Map<string, { events: number; orgs: Set<number> }>>()
  const count = (dim: Dim, item: string, { org, pieces }: Group): void => {
    const items = found.get(dim) ?? new Map()
    found.set(dim, items)
    const cell = items.get(item) ?? { events: 0, orgs: new Set() }
    items.set(item, cell)
    cell.events += pieces
    cell.orgs.add(org)
  }
  for (const group of await groups(tx)) {
    const standing = standingOf(group, match, today)
    count('kind', group.kind, group)
    count('support', standing.state, group)
    if (standing.state === 'ended') count('ended', standing.found?.row.id ?? 'own', group)
    if (group.kind !== 'medical') continue
    count('medical-support', standing.state, group)
    count('medical-segmented', group.segmented === null ? 'unknown' : group.segmented ? 'yes' : 'no', group)
  }
  return new Map(
    [...found].map(([dim, items]) => [
      dim,
      [...items].map(([item, { events, orgs }]) => ({ item, events, orgs: [...orgs] })),
    ]),
  )
}

/** Pieces of those that agreed and take part, by all that a sum looks at. */
async function groups(tx: Tx): Promise<Group[]> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(
    `select o.id as org, a.kind, a.segmented, a.vendor, a.product, a.version, a.cpe, a.runs_on as "runsOn",
       to_char(a.support_ends_on, 'YYYY-MM-DD') as "supportEndsOn", sum(a.quantity)::float8 as pieces
     from assets a join organisations o on o.id = organisation_now(a.org_id) join asset_shares s on s.org_id = o.id
     where a.removed_at is null and o.status in ('participant', 'signatory')
     group by o.id, a.kind, a.segmented, a.vendor, a.product, a.version, a.cpe, a.runs_on, a.support_ends_on`,
  )
  return rows
}

/** To tens: two days side by side do not tell what one organisation added. */
const rounded = (pieces: number): number => Math.max(10, Math.round(pieces / 10) * 10)

/** A breakdown of a part is told only where the part itself is. */
const partOf: Partial<Record<Dim, [Dim, string]>> = {
  'medical-support': ['kind', 'medical'],
  'medical-segmented': ['kind', 'medical'],
  ended: ['support', 'ended'],
}

async function replace(tx: Tx, cells: Map<Dim, Cell[]>, members: number, now: number): Promise<void> {
  await tx.query('delete from asset_sums')
  const open = new Map(dims.map((dim) => [dim, openOf(cells.get(dim) ?? [])]))
  for (const dim of dims) {
    const whole = partOf[dim]
    if (whole && !open.get(whole[0])?.has(whole[1])) continue
    for (const { item, events, orgs } of cells.get(dim) ?? []) {
      const band = bandOf(orgs.length, members)
      if (!open.get(dim)?.has(item) || band === null) continue
      await tx.query(
        'insert into asset_sums (dim, item, pieces, band, changed_at) values ($1, $2, $3, $4, $5)',
        [dim, item, rounded(events), band, iso(now)],
      )
    }
  }
}

/** Where all of a breakdown concerns fewer than five, nothing of it is told. */
function openOf(cells: Cell[]): Set<string> {
  const all = new Set(cells.flatMap(({ orgs }) => orgs))
  return all.size < least ? new Set() : publishable(cells)
}

export interface Sum {
  dim: Dim
  item: string
  pieces: number
  band: string
}

/** What is published, most pieces first; `at` in milliseconds, null where nothing may be told. */
export async function sumsNow(tx: Tx): Promise<{ sums: Sum[]; at: number | null }> {
  const { rows } = await tx.query<Sum & { at: number }>(
    `select dim, item, pieces, band, (extract(epoch from changed_at) * 1000)::float8 as at from asset_sums order by dim, pieces desc, item`,
  )
  return { sums: rows, at: rows[0]?.at ?? null }
}
