/** Who is told that an address no longer works: the others who can mend it, once a day however many there are. */
import type { Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'

/** Those who keep an organisation's people and contacts. */
export const menders = ['admin', 'security_manager', 'representative'] as const
/** What follows within this time stands in the same mail, so that a storm is one line each and not one mail each. */
const gatherMs = 15 * 60_000

const iso = (at: number): string => new Date(at).toISOString()

/** One mail a day for each: it lists, when it is written, whatever its reader may see by then. */
export async function tellOfSuspended(
  tx: Tx,
  { address, readers }: { address: string; readers: number[] },
  now: number,
): Promise<void> {
  await tx.query(
    `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
     select distinct 'account', 'addresses suspended ' || $1::text, p.id, p.email,
       jsonb_build_object('template', 'addresses-suspended'), $2::timestamptz, $3::timestamptz, array[2, -p.id]
     from people p join engagements e on e.person_id = p.id and e.valid_from <= $2 and e.valid_to > $2
     where p.disabled_at is null and lower(p.email) <> lower($4)
       and ((e.role = 'coordinator' and 2 = any ($5::int[])) or (e.role = any ($6) and (1000 + 4 * organisation_now(e.org_id)) = any ($5::int[])))
     on conflict (topic, address) do nothing`,
    [dayOf(now), iso(now), iso(now + gatherMs), address, readers, menders],
  )
}
