/** An advisory against inventories: everybody's, or those of some organisations. As the program, in the caller's transaction. */

import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { type Decision, decisionsOf, keysOfAffected } from '../assets/index.ts'
import { publishBand } from './bands.ts'
import { type Gathered, gather, leaveOut, nameKey, type Wide } from './gather.ts'
import type { Before, ClosedWhy } from './item.ts'
import { judge } from './judge.ts'
import { settle } from './settle.ts'
import { type Subject, subjectAt } from './subject.ts'

/** `orgs` null: everybody, because the advisory came or changed; a name that matches too much is then held back. */
export async function matchAdvisory(tx: Tx, id: number, orgs: number[] | null, now: number): Promise<void> {
  const subject = await subjectAt(tx, id)
  if (!subject) return
  const found = await gather(tx, subject.products, orgs, await releasedNames(tx))
  if (orgs === null) await hold(tx, subject, found.wide, now)
  else leaveOut(found.byOrg, subject.products, await heldNames(tx, id))
  const before = await itemsOf(tx, id, orgs)
  const concerned = [...new Set([...found.byOrg.keys(), ...before.keys()])].sort((a, b) => a - b)
  const mayRead = await readersAmong(tx, subject.readers, concerned)
  const decisions = await decisionsAmong(tx, concerned)
  for (const org of concerned) {
    const own = found.byOrg.get(org)?.values() ?? []
    await settle(tx, {
      ...{ subject, org, now, before: before.get(org) ?? null },
      stand: judge(mayRead.has(org) ? own : [], subject.products, decisions.get(org) ?? []),
      cause: orgs === null ? 'advisory' : 'inventory',
      silent: silentFor(subject, mayRead.has(org), found, org),
    })
  }
  await publishBand(tx, id, now)
  if (orgs === null) await mark(tx, subject, now)
}

function silentFor(subject: Subject, mayRead: boolean, found: Gathered, org: number): ClosedWhy | null {
  if (subject.silent !== null) return subject.silent
  if (!mayRead) return 'label'
  return found.wide.length > 0 && !found.byOrg.has(org) ? 'held' : null
}

/** Of the organisations those whose own people may read the advisory: what the policies of advisories say of them. */
async function readersAmong(tx: Tx, readers: number[], orgs: number[]): Promise<Set<number>> {
  const { rows } = await tx.query<{ id: number }>(
    `select o.id from organisations o join organisations n on n.id = organisation_now(o.id)
     where o.id = any ($1) and n.status <> 'left' and $2::int[] && scopes_held(array[1, 4, 1000 + 4 * n.id], array[n.id])`,
    [orgs, readers],
  )
  return new Set(rows.map(({ id }) => id))
}

async function decisionsAmong(tx: Tx, orgs: number[]): Promise<Map<number, Decision[]>> {
  const { rows } = await tx.query<{ org: number; now: number }>(
    `select o.id as org, organisation_now(o.id) as now from unnest($1::int[]) as o (id)
     where exists (select 1 from match_decisions d where d.org_id = any ((select organisation_with_merged(organisation_now(o.id)))::int[]))`,
    [orgs],
  )
  const found = new Map<number, Decision[]>()
  for (const { org, now } of rows) found.set(org, await decisionsOf(tx, now))
  return found
}

async function itemsOf(tx: Tx, id: number, orgs: number[] | null): Promise<Map<number, Before>> {
  const { rows } = await tx.query<Before & { org: number }>(
    `select i.org_id as org, i.id, i.seq, i.severity, i.exploited, i.pieces, i.answer, i.closed_at is not null as closed,
       array(select m.asset_id from match_assets m where m.item_id = i.id and m.said is distinct from 'other' order by 1) as assets
     from match_items i where i.advisory_id = $1 and ($2::int[] is null or i.org_id = any ($2)) for update of i`,
    [id, orgs],
  )
  return new Map(rows.map(({ org, ...item }) => [org, item]))
}

/** What a coordinator once let go is let go in later advisories too. */
async function releasedNames(tx: Tx): Promise<Set<string>> {
  const { rows } = await tx.query<{ vendor: string; product: string }>(
    'select distinct vendor, product from match_held where released_at is not null',
  )
  return new Set(rows.map(nameKey))
}

async function heldNames(tx: Tx, id: number): Promise<Set<string>> {
  const { rows } = await tx.query<{ vendor: string; product: string }>(
    'select vendor, product from match_held where advisory_id = $1 and released_at is null',
    [id],
  )
  return new Set(rows.map(nameKey))
}

/** Says to coordinators, and to nobody else, that a name matches too much. */
async function hold(tx: Tx, subject: Subject, wide: Wide[], now: number): Promise<void> {
  const known = await heldNames(tx, subject.id)
  await tx.query(
    'delete from match_held where advisory_id = $1 and released_at is null and vendor || chr(10) || product <> all ($2)',
    [subject.id, wide.map(nameKey)],
  )
  // Since when it waits stays what it was.
  for (const { vendor, product, names, makers } of wide)
    await tx.query(
      `insert into match_held (advisory_id, vendor, product, names, makers, held_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (advisory_id, vendor, product) do update set names = excluded.names, makers = excluded.makers where match_held.released_at is null`,
      [subject.id, vendor, product, names, makers, iso(now)],
    )
  if (wide.some((one) => !known.has(nameKey(one))))
    await record(tx, {
      ...{ at: now, actor: null, verb: 'matches.hold', object: `advisory ${subject.id}` },
      detail: { product: wide.map(({ vendor, product }) => `${vendor} ${product}`.trim()).join(', ') },
      readers: [COORDINATORS],
    })
}

async function mark(tx: Tx, { id, products }: Subject, now: number): Promise<void> {
  const keys = [...new Set(products.flatMap(keysOfAffected))]
  await tx.query(
    `insert into match_marks (advisory_id, seq, changed_at, covering_id, kev, keys, matched_at)
     select a.id, a.seq, a.changed_at, a.covering_id, a.kev, $2, $3 from advisories a where a.id = $1
     on conflict (advisory_id) do update set seq = excluded.seq, changed_at = excluded.changed_at, covering_id = excluded.covering_id, kev = excluded.kev,
       keys = excluded.keys, matched_at = excluded.matched_at`,
    [id, keys, iso(now)],
  )
}
