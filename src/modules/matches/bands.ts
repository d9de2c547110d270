/** How many organisations an advisory concerns: all that coordinators learn of matches. */
import type { Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { bandOf, rankOf } from '../../values/bands.ts'

/**
 * Of organisations that agreed to sums of the sector, five at least, as a band. A published band only grows, so that nobody learns
 * from two looks what one organisation changed; it goes when fewer than five are left. As the program.
 */
export async function publishBand(tx: Tx, advisory: number, now: number): Promise<void> {
  const { rows } = await tx.query<{ orgs: number; members: number; was: string | null }>(
    `select count(distinct o.id)::int as orgs,
       (select count(*)::int from organisations where status in ('participant', 'signatory')) as members,
       (select band from match_sums where advisory_id = $1) as was
     from match_items i join organisations o on o.id = organisation_now(i.org_id) join asset_shares s on s.org_id = o.id
     where i.advisory_id = $1 and i.closed_at is null and o.status in ('participant', 'signatory')`,
    [advisory],
  )
  const { orgs = 0, members = 0, was = null } = rows[0] ?? {}
  const band = bandOf(orgs, members)
  if (band === null) {
    if (was !== null) await tx.query('delete from match_sums where advisory_id = $1', [advisory])
    return
  }
  if (was !== null && rankOf(was) >= rankOf(band)) return
  await tx.query(
    `insert into match_sums (advisory_id, band, changed_at) values ($1, $2, $3)
     on conflict (advisory_id) do update set band = excluded.band, changed_at = excluded.changed_at`,
    [advisory, band, iso(now)],
  )
}

/** All of them anew, as organisations may take their consent back. Answers how many there were. */
export async function publishBands(tx: Tx, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>('select advisory_id as id from match_sums order by 1')
  for (const { id } of rows) await publishBand(tx, id, now)
  return rows.length
}
