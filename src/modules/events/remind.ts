/** Tells those who manage a sensor that its certificate ends: thirty days before, and seven. */
import type { Role } from '../../platform/access.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { managers } from './may.ts'

/** From when on before its end pages and mails ask for a new certificate. */
export const remindDays = 30
const lastDays = 7
const dayMs = 86_400_000

interface Ending {
  fingerprint: string
  id: number
  name: string
  org: number | null
  ends: number
}

/** Answers how many mails were queued. A sensor that has a later certificate needs nothing. */
export function remindEnds(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<Ending & Record<string, unknown>>(
      `select * from (
         select distinct on (s.id) s.id, s.name, s.org_id as org, encode(c.fingerprint, 'hex') as fingerprint, c.reminded_at, c.not_after,
           extract(epoch from c.not_after)::float8 * 1000 as ends
         from sensors s join sensor_certificates c on c.sensor_id = s.id and c.revoked_at is null
         where s.disabled_at is null order by s.id, c.not_after desc) last
       where not_after > to_timestamp($1 / 1000.0) and not_after <= to_timestamp($1 / 1000.0) + make_interval(days => $2)
         and (reminded_at is null or (reminded_at < not_after - make_interval(days => $3) and not_after <= to_timestamp($1 / 1000.0) + make_interval(days => $3)))`,
      [now, remindDays, lastDays],
    )
    let queued = 0
    for (const ending of rows) {
      const when = ending.ends - now <= lastDays * dayMs ? lastDays : remindDays
      const detail = {
        template: 'sensor-certificate',
        sensor: ending.name,
        id: ending.id,
        until: new Date(ending.ends).toISOString(),
      }
      const topic = `certificate:${ending.fingerprint}:${when}`
      const toOwner = ending.org === null ? 0 : await queue(tx, topic, detail, ending.org, managers, now)
      // Nobody there manages sensors, or it is the perimeter's.
      queued += toOwner || (await queue(tx, topic, detail, null, ['coordinator'], now))
      await tx.query(
        `update sensor_certificates set reminded_at = to_timestamp($2 / 1000.0) where fingerprint = decode($1, 'hex')`,
        [ending.fingerprint, now],
      )
    }
    return queued
  })
}

/** A mail for each person of these roles there; answers how many. */
async function queue(
  tx: Tx,
  topic: string,
  detail: object,
  org: number | null,
  roles: readonly Role[],
  now: number,
): Promise<number> {
  const { rowCount } = await tx.query(
    `select queue_account_mail($1, p.id, p.email, $2, to_timestamp($5 / 1000.0)) from people p
     where p.disabled_at is null and p.id in (select person_id from engagements e
       where e.org_id is not distinct from organisation_now($3) and e.role = any ($4)
         and e.valid_from <= to_timestamp($5 / 1000.0) and e.valid_to > to_timestamp($5 / 1000.0))`,
    [topic, detail, org, roles, now],
  )
  return rowCount ?? 0
}
