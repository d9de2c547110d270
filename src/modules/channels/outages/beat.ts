/** Notices afterwards that nothing ran: the program notes every few seconds that it lives, and a long gap is an outage. */
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'

/** A restart or an upgrade is shorter. */
const noticedMs = 5 * 60_000
/** From here on people are written to; what is shorter stands on the page alone. */
const toldMs = 15 * 60_000
const keptMs = 400 * 86_400_000

/** Milliseconds since 1970. */
export interface Outage {
  from: number
  to: number
}

const moment = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** Notes that the program lives; answers the outage that ended with this beat, or null. Of several nodes one is enough. */
export async function beat(db: Database, now: number): Promise<Outage | null> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ at: number }>(
      `select ${moment('at')} as at from beats where id = 1 for update`,
    )
    await tx.query(
      `insert into beats (id, at) values (1, to_timestamp($1 / 1000.0)) on conflict (id) do update set at = greatest(beats.at, excluded.at)`,
      [now],
    )
    const from = rows[0]?.at
    if (from === undefined || now - from < noticedMs) return null
    const outage = { from, to: now }
    await note(tx, outage)
    return outage
  })
}

async function note(tx: Tx, { from, to }: Outage): Promise<void> {
  const { rows } = await tx.query<{ id: number }>(
    'insert into outages (from_at, to_at) values (to_timestamp($1 / 1000.0), to_timestamp($2 / 1000.0)) returning id',
    [from, to],
  )
  await tx.query('delete from outages where to_at < to_timestamp($1 / 1000.0)', [to - keptMs])
  if (to - from < toldMs) return
  await tx.query(
    `select queue_account_mail('outage ' || $1::text, p.id, p.email,
       jsonb_build_object('template', 'outage', 'from', $2::float8, 'to', $3::float8), to_timestamp($3::float8 / 1000))
     from people p where p.disabled_at is null and exists (select 1 from engagements e left join organisations o on o.id = organisation_now(e.org_id)
       where e.person_id = p.id and e.role in ('duty', 'admin', 'coordinator') and coalesce(o.status <> 'left', true)
         and e.valid_from <= to_timestamp($3::float8 / 1000) and e.valid_to > to_timestamp($3::float8 / 1000))`,
    [rows[0]?.id, from, to],
  )
}

/** Outages that ended since a moment, the newest first; as the actor of the transaction. */
export async function outagesSince(tx: Queryable, since: number): Promise<Outage[]> {
  const { rows } = await tx.query<Outage & Record<string, unknown>>(
    `select ${moment('from_at')} as from, ${moment('to_at')} as to from outages where to_at > to_timestamp($1 / 1000.0) order by to_at desc limit 50`,
    [since],
  )
  return rows
}
