/** The monthly mail that the emergency sheet is to be printed anew, and by coordinators the whole book to be kept off-line (emergency.md 6). */
import { asEngine, type Database } from '../../../platform/database.ts'
import { dayBounds, dayOf } from '../../../platform/dates.ts'
import { managersOf } from '../managing.ts'
import { queue } from './remind.ts'

/** Nobody's telephone rings for it at midnight. */
const morningMs = 7 * 3_600_000

/** Answers how many mails were queued. A book that was begun this month is as new as its sheet. */
export async function remindSheets(db: Database, zone: string, now: number): Promise<number> {
  const month = dayOf(now, zone).slice(0, 7)
  const { from } = dayBounds(`${month}-01`, zone)
  if (now < from + morningMs) return 0
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ org: number; organisation: string }>(
      `select o.id as org, o.name as organisation from organisations o join contact_points p on p.org_id = o.id and p.ended_at is null
       where o.status <> 'left' group by o.id having min(p.added_at) < to_timestamp($1 / 1000.0) order by o.id`,
      [from],
    )
    let queued = 0
    for (const { org, organisation } of rows)
      queued += await queue(
        tx,
        `sheet:${org}:${month}`,
        { template: 'emergency-sheet', org, organisation },
        { org, roles: ['security_manager', 'admin'], people: await managersOf(tx, org, now) },
        now,
      )
    if (rows.length === 0) return queued
    return (
      queued +
      (await queue(
        tx,
        `sheet:all:${month}`,
        { template: 'emergency-sheet', org: null },
        { org: null, roles: ['coordinator'], people: [] },
        now,
      ))
    )
  })
}
