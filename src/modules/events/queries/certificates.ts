/** A sensor's certificates as its page shows them, and the token that waits for its machine. */
import type { Tx } from '../../../platform/database.ts'

export type CertificateState = 'good' | 'ending' | 'over' | 'revoked'

export interface CertificateLine {
  serial: string
  via: 'enrolment' | 'renewal' | 'terminal'
  issuedAt: number
  notAfter: number
  revokedAt: number | null
  revokedBy: string | null
}

export interface SensorCertificates {
  /** The newest first. */
  lines: CertificateLine[]
  /** Until when a token waits; null when none does. */
  waitsUntil: number | null
  /** The end of the one that is good the longest; null when none was listed or all were revoked. */
  ends: number | null
}

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

export async function certificatesFor(tx: Tx, sensor: number, now: number): Promise<SensorCertificates> {
  const { rows: lines } = await tx.query<CertificateLine & Record<string, unknown>>(
    `select c.serial, c.via, ${ms('c.issued_at')} as "issuedAt", ${ms('c.not_after')} as "notAfter", ${ms('c.revoked_at')} as "revokedAt",
       p.name as "revokedBy"
     from sensor_certificates c left join people p on p.id = c.revoked_by where c.sensor_id = $1 order by c.issued_at desc limit 20`,
    [sensor],
  )
  const { rows } = await tx.query<{ until: number }>(
    `select ${ms('expires_at')} as until from sensor_enrolments
     where sensor_id = $1 and used_at is null and withdrawn_at is null and expires_at > to_timestamp($2 / 1000.0)`,
    [sensor, now],
  )
  const standing = lines.filter((line) => line.revokedAt === null).map((line) => line.notAfter)
  return {
    lines,
    waitsUntil: rows[0]?.until ?? null,
    ends: standing.length > 0 ? Math.max(...standing) : null,
  }
}
