/** Whether an organisation counts in the sums of the sector: no, until its representative or security manager says yes. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { WrongState } from '../../platform/errors.ts'
import { note } from './assets.ts'
import { requireRight } from './may.ts'

export interface Sharing {
  org: number
  /** Milliseconds since 1970; null while it does not count. */
  since: number | null
}

export async function sharingOf(tx: Tx, org: number): Promise<Sharing> {
  const { rows } = await tx.query<{ since: number }>(
    'select (extract(epoch from agreed_at) * 1000)::float8 as since, org_id as org from asset_shares where org_id = $1',
    [org],
  )
  return { org, since: rows[0]?.since ?? null }
}

/** Throws NotFound, Forbidden, WrongState where it is so already. */
export async function share(tx: Tx, org: number, yes: boolean, by: Actor, now: number): Promise<void> {
  requireRight(by, 'share', org)
  const { rowCount } = yes
    ? await tx.query(
        'insert into asset_shares (org_id, agreed_at, agreed_by) values ($1, $2, $3) on conflict do nothing',
        [org, iso(now), by.person],
      )
    : await tx.query('delete from asset_shares where org_id = $1', [org])
  if (!rowCount) throw new WrongState('It is so already')
  await note(tx, yes ? 'share' : 'unshare', { org, object: `organisation ${org}` }, by, now)
}
