/** Which certificates of sensors still count, held in memory by the doors; and the list of those that do not, for others. */
import { fingerprintOf, revocationList } from '../../platform/certificates.ts'
import type { Settings } from '../../platform/context.ts'
import type { Queryable } from '../../platform/database.ts'
import { authorityOf } from './authority.ts'

export interface Certificates {
  /** Whether a verified certificate still counts for the sensor that it names. */
  counts(sensor: number, fingerprint: string): boolean
}

/**
 * A revoked certificate counts for nobody; past its end the handshake refuses it by itself. After a sensor's certificates were revoked only those given since count: what
 * is not in our list may be signed by an operator's authority, or by ours before there was a list.
 */
export async function certificatesOf(db: Queryable): Promise<Certificates> {
  const { rows } = await db.query<{ id: number; listed: string[]; only: boolean }>(
    `select s.id, s.listed_only as only, array(select encode(c.fingerprint, 'hex') from sensor_certificates c
       where c.sensor_id = s.id and c.revoked_at is null) as listed
     from sensors s where s.listed_only`,
  )
  const revoked = await db.query<{ fingerprint: string }>(
    `select encode(fingerprint, 'hex') as fingerprint from sensor_certificates
     where revoked_at is not null and not_after > now() - interval '1 day'`,
  )
  const ended = new Set(revoked.rows.map((row) => row.fingerprint))
  const only = new Map(rows.map((row) => [row.id, new Set(row.listed)]))
  return {
    counts: (sensor, fingerprint) => !ended.has(fingerprint) && (only.get(sensor)?.has(fingerprint) ?? true),
  }
}

/**
 * The present list of revoked certificates of who signs here, DER, with those of disabled sensors; what is past its end is
 * left out (RFC 5280 3.3).
 */
export async function revocations(
  db: Queryable,
  settings: Pick<Settings, 'secret' | 'sensorAuthority'>,
  now: number,
): Promise<Buffer> {
  const ca = await authorityOf(db, settings, now)
  const { rows } = await db.query<{ serial: string; at: number }>(
    `select c.serial, extract(epoch from coalesce(c.revoked_at, s.disabled_at))::float8 * 1000 as at
     from sensor_certificates c join sensors s on s.id = c.sensor_id
     where c.authority = $1 and coalesce(c.revoked_at, s.disabled_at) is not null and c.not_after > to_timestamp($2 / 1000.0) order by 2, 1`,
    [Buffer.from(fingerprintOf(ca.cert), 'hex'), now],
  )
  return revocationList(ca, rows, now)
}
