/** What people said of a match, kept for all later advisories: this asset is, or is not, what advisories call so. */
import { type Actor, organisationsRead, type Role, rolesAt } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { readersOfOrg } from '../../../values/scopes.ts'
import type { Match } from './match.ts'
import { nameOf } from './products.ts'
import { fold } from './text.ts'
import { vendorKey } from './vendors.ts'

export interface Decision {
  orgId: number
  assetKey: string
  productKey: string
  /** It is that product; false: it is another one. */
  same: boolean
  /** As written when it was decided. */
  asset: string
  product: string
  reason: string
  actor: string
  at: Date
}

type Named = Pick<ProductName, 'vendor' | 'product'>

const mayDecide: Role[] = ['admin', 'security_manager']
const longestReason = 500

/** Maker and name; the version is left out where it stands apart, as each advisory judges it anew. */
const keyOf = ({ vendor, product }: Named): string => {
  const words = nameOf(product).words.join(' ')
  return `${vendorKey(vendor)}|${words === '' ? fold(product) : words}`
}

const written = ({ vendor, product }: Named): string =>
  `${vendor} ${product}`.replaceAll('\0', '').trim().slice(0, 500)

/**
 * Says of an asset's and a product's names that they mean the same, or not; said anew it replaces what was said. As the
 * actor of the transaction. Throws NotFound to who does not read the organisation, Forbidden, Invalid.
 */
export async function decideMatch(
  tx: Tx,
  org: number,
  given: { asset: Named; affected: Named; same: boolean; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  requireDecider(by, org)
  const reason = given.reason.trim()
  if (reason.length > longestReason) throw new Invalid('The reason is too long', { reason: 'long' })
  const keys = [org, keyOf(given.asset), keyOf(given.affected)]
  await tx.query(
    'delete from match_decisions where org_id = $1 and asset_key = $2 and product_key = $3',
    keys,
  )
  const [asset, product] = [written(given.asset), written(given.affected)]
  await tx.query(
    `insert into match_decisions (org_id, asset_key, product_key, same, asset, product, reason, person_id, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [...keys, given.same, asset, product, reason, by.person, by.name, new Date(now)],
  )
  await trail(
    tx,
    given.same ? 'assets.confirm-match' : 'assets.reject-match',
    org,
    { asset, product, reason },
    by,
    now,
  )
}

/** Takes it back, so that the matcher judges again. Throws as `decideMatch`, and WrongState where nothing was said. */
export async function withdrawDecision(
  tx: Tx,
  org: number,
  given: { asset: Named; affected: Named },
  by: Actor,
  now: number,
): Promise<void> {
  requireDecider(by, org)
  const { rows } = await tx.query<{ asset: string; product: string }>(
    'delete from match_decisions where org_id = $1 and asset_key = $2 and product_key = $3 returning asset, product',
    [org, keyOf(given.asset), keyOf(given.affected)],
  )
  const [gone] = rows
  if (!gone) throw new WrongState('Nothing was decided about this match')
  await trail(tx, 'assets.undecide-match', org, gone, by, now)
}

/** What an organisation's people said, also of what was merged into it; the newest first. */
export async function decisionsOf(tx: Tx, org: number): Promise<Decision[]> {
  const { rows } = await tx.query<Decision>(
    `select org_id as "orgId", asset_key as "assetKey", product_key as "productKey", same, asset, product, reason, actor, at
     from match_decisions where org_id = any ((select organisation_with_merged($1))::int[]) order by at desc, asset_key, product_key`,
    [org],
  )
  return rows
}

/**
 * A match as one organisation's people see it: null where they said that it is another product, sure but for the version
 * where they said that it is that one. `decisions` as `decisionsOf` orders them.
 */
export function decided(
  match: Match,
  asset: Named,
  affected: AffectedProduct,
  decisions: Decision[],
): Match | null {
  const said = decisionOn(asset, affected, decisions)
  if (!said) return match
  if (!said.same) return null
  const version = match.why.filter(({ about }) => about === 'version')
  const sure = version.some((one) => 'how' in one && (one.how === 'inside' || one.how === 'all')) ? 1 : 0.9
  return { sure, why: [{ about: 'person', name: said.actor }, ...version] }
}

/** What was last said of these two names; `decisions` as `decisionsOf` orders them. */
export function decisionOn(asset: Named, affected: Named, decisions: Decision[]): Decision | undefined {
  const [assetKey, productKey] = [keyOf(asset), keyOf(affected)]
  return decisions.find((one) => one.assetKey === assetKey && one.productKey === productKey)
}

export const mayDecideAt = (by: Actor, org: number): boolean =>
  rolesAt(by, org).some((role) => mayDecide.includes(role))

function requireDecider(by: Actor, org: number): void {
  if (!organisationsRead(by).includes(org)) throw new NotFound('There is no such inventory')
  if (!mayDecideAt(by, org))
    throw new Forbidden('Administrators and the security manager of the organisation decide about matches')
}

const trail = (tx: Tx, verb: string, org: number, detail: object, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `organisation ${org}`,
    org,
    detail,
    readers: [readersOfOrg(org)],
  })
