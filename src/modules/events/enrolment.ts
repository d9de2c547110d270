/**
 * How a sensor comes to its certificate: somebody who manages it makes a token, the sensor's machine shows the token with
 * a request for its own key, and gets the certificate. Later it renews by the certificate itself. The common name is the
 * record's, never the request's.
 */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import {
  certify,
  fingerprintOf,
  type Issued,
  type KeyPair,
  readRequest,
} from '../../platform/certificates.ts'
import type { Settings } from '../../platform/context.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { COORDINATORS, OPERATORS, readersOfOrg } from '../../values/scopes.ts'
import { authorityOf } from './authority.ts'
import { mayManage } from './may.ts'

const hourMs = 3_600_000
/** How long a token waits for its sensor, unless told otherwise, and at most. */
export const tokenHours = 72
export const mostTokenHours = 30 * 24
/** A certificate can be renewed in its last days. */
export const renewDays = 60
export const yearDays = 365

export interface Given extends Issued {
  name: string
  /** Who signed it, PEM. */
  authority: string
}

interface Enrolled {
  id: number
  name: string
  org: number | null
  cn: string | null
  disabled: boolean
}

const columns = 's.id, s.name, s.org_id as org, s.cert_cn as cn, s.disabled_at is not null as disabled'

/** The sensor, if the actor of the transaction sees it and may manage it. */
async function managed(tx: Tx, id: number, by: Actor): Promise<Enrolled> {
  const { rows } = await tx.query<Enrolled & Record<string, unknown>>(
    `select ${columns} from sensors s where s.id = $1`,
    [id],
  )
  const sensor = rows[0]
  if (!sensor) throw new NotFound('There is no such sensor.')
  if (!mayManage(by, sensor)) throw new Forbidden('This sensor is managed by its organisation.')
  return sensor
}

/** Person 0 is whoever sits at the terminal. */
const personOf = (by: Actor): number | null => by.person || null

const trail = (
  tx: Tx,
  verb: string,
  sensor: Enrolled,
  by: Actor | null,
  detail: object,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `events.${verb}`,
    object: `sensor ${sensor.name}`,
    org: sensor.org,
    detail,
    readers: [COORDINATORS, OPERATORS, ...(sensor.org === null ? [] : [readersOfOrg(sensor.org)])],
  })

/** Makes the token for a sensor; the one that was waiting, if any, is over. It is shown this once. */
export async function offer(
  tx: Tx,
  id: number,
  by: Actor,
  now: number,
  hours = tokenHours,
): Promise<{ token: string; until: number }> {
  const sensor = await managed(tx, id, by)
  if (sensor.disabled) throw new WrongState(`The sensor "${sensor.name}" is disabled.`)
  if (!(hours >= 1 && hours <= mostTokenHours))
    throw new Invalid(`A token waits for 1 to ${mostTokenHours} hours.`)
  await withdraw(tx, id, now)
  const token = newToken()
  const until = now + hours * hourMs
  await tx.query(
    `insert into sensor_enrolments (token_hash, sensor_id, made_at, made_by, expires_at)
     values ($1, $2, to_timestamp($3 / 1000.0), $4, to_timestamp($5 / 1000.0))`,
    [hashToken(token), id, now, personOf(by), until],
  )
  await trail(tx, 'sensor-enrol', sensor, by, { until: new Date(until).toISOString() }, now)
  return { token, until }
}

const withdraw = (tx: Tx, id: number, now: number) =>
  tx.query(
    `update sensor_enrolments set withdrawn_at = to_timestamp($2 / 1000.0)
     where sensor_id = $1 and used_at is null and withdrawn_at is null`,
    [id, now],
  )

/**
 * Ends every certificate of a sensor at once, and the token that waits; others signed for its name by a trusted authority
 * no longer count either. Answers how many were good until now.
 */
export async function revoke(tx: Tx, id: number, by: Actor, now: number): Promise<number> {
  const sensor = await managed(tx, id, by)
  await withdraw(tx, id, now)
  // Before its certificates: a renewal that is under way holds the sensor, and its certificate is then seen here.
  await tx.query('update sensors set listed_only = true where id = $1', [id])
  const { rowCount } = await tx.query(
    `update sensor_certificates set revoked_at = to_timestamp($2 / 1000.0), revoked_by = $3
     where sensor_id = $1 and revoked_at is null and not_after > to_timestamp($2 / 1000.0)`,
    [id, now, personOf(by)],
  )
  await tx.query(`select announce('sensors', $1)`, [String(id)])
  await trail(tx, 'sensor-revoke', sensor, by, { certificates: rowCount }, now)
  return rowCount ?? 0
}

type Certifying = Pick<Settings, 'secret' | 'baseUrl' | 'sensorAuthority' | 'certificateDays'>

/**
 * A token and a request become a certificate; the token is used up by it and by nothing else. `NotFound` for an unknown
 * token, `WrongState` for one that is over or whose sensor is disabled, `Invalid` for a request that cannot be certified.
 */
export async function enrol(
  db: Database,
  settings: Certifying,
  { token, request }: { token: string; request: Buffer },
  now: number,
): Promise<Given> {
  return asEngine(db, async (tx) => {
    const hash = hashToken(token)
    const { rows } = await tx.query<Enrolled & { why: string | null } & Record<string, unknown>>(
      `select ${columns}, case when e.used_at is not null then 'was used already' when e.withdrawn_at is not null then 'was replaced or withdrawn'
         when e.expires_at <= to_timestamp($2 / 1000.0) then 'has expired' end as why
       from sensor_enrolments e join sensors s on s.id = e.sensor_id where e.token_hash = $1 for update of e`,
      [hash, now],
    )
    const sensor = rows[0]
    if (!sensor) throw new NotFound('This token is not known.')
    if (sensor.why) throw new WrongState(`This token ${sensor.why}: ask for a new one.`)
    const given = await issue(tx, settings, sensor, request, 'enrolment', now)
    await tx.query('update sensor_enrolments set used_at = to_timestamp($2 / 1000.0) where token_hash = $1', [
      hash,
      now,
    ])
    return given
  })
}

/**
 * A new certificate for the sensor that shows a good one. `WrongState` before the last `renewDays` of its time (for one
 * that is good for less, before its last third): programs that renew too often are told from when on they may.
 */
export async function renew(
  db: Database,
  settings: Certifying,
  { sensor: id, fingerprint, request }: { sensor: number; fingerprint: string; request: Buffer },
  now: number,
): Promise<Given> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<Enrolled & { from: number | null } & Record<string, unknown>>(
      `select ${columns}, extract(epoch from greatest(c.not_after - make_interval(days => $3), c.not_after - (c.not_after - c.issued_at) / 3))::float8 * 1000 as from
       from sensors s left join sensor_certificates c on c.sensor_id = s.id and c.fingerprint = $2 where s.id = $1 for update of s`,
      [id, Buffer.from(fingerprint, 'hex'), renewDays],
    )
    const sensor = rows[0]
    if (!sensor) throw new NotFound('There is no such sensor.')
    if (sensor.from !== null && now < sensor.from)
      throw new WrongState(`Too early: it can be renewed from ${new Date(sensor.from).toISOString()} on.`)
    return issue(tx, settings, sensor, request, 'renewal', now)
  })
}

async function issue(
  tx: Tx,
  settings: Certifying,
  sensor: Enrolled,
  request: Buffer,
  via: 'enrolment' | 'renewal',
  now: number,
): Promise<Given> {
  if (sensor.disabled) throw new WrongState(`The sensor "${sensor.name}" is disabled.`)
  const { publicKey, cn: asked } = await readRequest(request)
  const cn = sensor.cn ?? sensor.name
  if (asked !== null && asked.toLowerCase() !== cn)
    throw new Invalid(`The request is for another name; here it must be "${cn}", or none.`)
  const ca = await authorityOf(tx, settings, now)
  const issued = await certify(ca, { ...wantedOf(settings), cn, publicKey }, now)
  await list(tx, sensor.id, ca, issued, via, now)
  await trail(tx, `sensor-${via}`, sensor, null, aboutOf(issued), now)
  return { ...issued, name: cn, authority: ca.cert }
}

export const wantedOf = ({ baseUrl, certificateDays }: Certifying) => ({
  days: certificateDays ?? yearDays,
  revocations: `${baseUrl}/api/v1/sensors/revocations`,
})

export const aboutOf = ({ serial, notAfter }: Issued): object => ({
  serial,
  until: new Date(notAfter).toISOString(),
})

/** Writes a certificate into the list; from now on the sensor is known by its name in certificates. */
export async function list(
  tx: Tx,
  sensor: number,
  ca: KeyPair,
  issued: Issued,
  via: 'enrolment' | 'renewal' | 'terminal',
  now: number,
): Promise<void> {
  await tx.query(
    `insert into sensor_certificates (fingerprint, sensor_id, authority, serial, via, issued_at, not_after)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($7 / 1000.0))`,
    [
      Buffer.from(issued.fingerprint, 'hex'),
      sensor,
      Buffer.from(fingerprintOf(ca.cert), 'hex'),
      issued.serial,
      via,
      now,
      issued.notAfter,
    ],
  )
  const { rowCount } = await tx.query(
    `update sensors s set cert_cn = coalesce(cert_cn, name) where id = $1
       and not exists (select 1 from sensors o where o.cert_cn = s.name and o.id <> s.id and s.cert_cn is null)`,
    [sensor],
  )
  if (!rowCount) throw new WrongState('Another sensor is known by this name in certificates.')
  await tx.query(`select announce('sensors', $1)`, [String(sensor)])
}
