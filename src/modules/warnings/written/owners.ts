/**
 * Whose inventory holds what a warning names (sharing.md 11, matching): with how many pieces in how many departments. As the program:
 * coordinators read no inventory and are told at most a band.
 */
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'
import { bandOf } from '../../../values/bands.ts'
import type { AffectedProduct } from '../../../values/product.ts'
import { type Decision, decided, decisionsOf, matchesOf } from '../../assets/index.ts'
import type { OwnersWord } from './types.ts'

/** What an organisation has of it. */
export interface Holding {
  pieces: number
  departments: number
  /** As its inventory names them, the most pieces first. */
  what: { name: string; pieces: number }[]
}

interface Owned {
  id: number
  org: number
  vendor: string
  product: string
  quantity: number
  department: string
}

/** Kinds of things that are named to their owner. */
const mostNames = 5
const longestName = 200

interface Tally {
  /** An asset counts once, however many of the products it matches. */
  assets: Set<number>
  pieces: number
  departments: Set<string>
  names: Map<string, number>
}

/** By organisation as it is now; `orgs`: only theirs. What its people called another product does not count. */
export async function holdingsOf(
  tx: Tx,
  products: AffectedProduct[],
  orgs: number[] | null,
): Promise<Map<number, Holding>> {
  const tallies = new Map<number, Tally>()
  const decisions = new Map<number, Decision[]>()
  for await (const batch of matchesOf(tx, products, orgs && (await withMerged(tx, orgs)))) {
    const assets = await assetsAt(tx, [...new Set(batch.map(({ assetId }) => assetId))])
    for (const { assetId, product, match } of batch) {
      const [asset, said] = [assets.get(assetId), products[product]]
      if (!asset || !said) continue
      const own = decisions.get(asset.org) ?? (await decisionsOf(tx, asset.org))
      decisions.set(asset.org, own)
      if (decided(match, asset, said, own)) count(tallies, asset)
    }
  }
  return new Map([...tallies].map(([org, tally]) => [org, holdingIn(tally)]))
}

function count(tallies: Map<number, Tally>, { id, org, vendor, product, quantity, department }: Owned): void {
  const tally = tallies.get(org) ?? { assets: new Set(), pieces: 0, departments: new Set(), names: new Map() }
  tallies.set(org, tally)
  if (tally.assets.has(id)) return
  tally.assets.add(id)
  tally.pieces += quantity
  if (department.trim() !== '') tally.departments.add(department.trim())
  const name = `${vendor} ${product}`.trim().slice(0, longestName).toWellFormed()
  tally.names.set(name, (tally.names.get(name) ?? 0) + quantity)
}

const holdingIn = ({ pieces, departments, names }: Tally): Holding => ({
  pieces,
  departments: departments.size,
  what: [...names]
    .map(([name, n]) => ({ name, pieces: n }))
    .sort((a, b) => b.pieces - a.pieces || a.name.localeCompare(b.name))
    .slice(0, mostNames),
})

async function withMerged(tx: Tx, orgs: number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    'select distinct m.id from unnest($1::int[]) as o (id) cross join lateral unnest(organisation_with_merged(o.id)) as m (id)',
    [orgs],
  )
  return rows.map(({ id }) => id)
}

async function assetsAt(tx: Tx, ids: number[]): Promise<Map<number, Owned>> {
  const { rows } = await tx.query<Owned & Record<string, unknown>>(
    'select id, organisation_now(org_id) as org, vendor, product, quantity, department from assets where id = any ($1)',
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * What coordinators are told: a band of those that agreed to sums of the sector, five at least. Always of all organisations, whatever the
 * audience: a chosen few would tell of each what it runs.
 */
export async function ownersWord(tx: Tx, orgs: number[]): Promise<OwnersWord> {
  const { rows } = await tx.query<{ owners: number; agreed: number; members: number }>(
    `select count(*) filter (where o.id = any ($1))::int as owners,
       count(*) filter (where o.id = any ($1) and isMember and s.org_id is not null)::int as agreed, count(*) filter (where isMember)::int as members
     from organisations o cross join lateral (select o.status in ('participant', 'signatory') as isMember) m left join asset_shares s on s.org_id = o.id
     where o.status <> 'left'`,
    [orgs],
  )
  const { owners = 0, agreed = 0, members = 0 } = rows[0] ?? {}
  return owners === 0 ? 'nobody' : (bandOf(agreed, members) ?? 'few')
}

/** For the preview. */
export const countOwners = (db: Database, products: AffectedProduct[]): Promise<OwnersWord> =>
  asEngine(db, async (tx) => ownersWord(tx, [...(await holdingsOf(tx, products, null)).keys()]))

/** The condition that the organisation of a line is asked: by the rules that all see, or by what it runs, which only its own people and the program read. */
export const isAsked = (line: string): string =>
  `(${line}.asked or exists (select 1 from written_owners r where r.warning_id = ${line}.warning_id and r.org_id = ${line}.org_id and r.asked))`

const holding = `jsonb_build_object('pieces', r.pieces, 'departments', r.departments, 'what', r.what)`

/** What the organisation of a line holds, for its own people and the program. */
export const owns = (line: string): string =>
  `(select ${holding} from written_owners r where r.warning_id = ${line}.warning_id and r.org_id = ${line}.org_id and r.pieces > 0)`

/** Whether an organisation is asked, and what it holds; as the reader. */
export async function askedAt(
  tx: Queryable,
  warning: number,
  org: number | null,
): Promise<{ asked: boolean; owns: Holding | null }> {
  const { rows } = await tx.query<{ asked: boolean; owns: Holding | null }>(
    `select ${isAsked('a')} as asked, ${owns('a')} as owns from written_asked a where a.warning_id = $1 and a.org_id = $2 and a.out_at is null`,
    [warning, org],
  )
  return rows[0] ?? { asked: false, owns: null }
}
