/** The sensors' records: who may send, read or test, and how a request's proof is turned into one record. */
import type { Queryable } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { keyIdOf, type Under } from '../../platform/seal.ts'
import { type Net, parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import { organisationNamed } from '../members/index.ts'
import type { ExerciseTime, VerdictCode } from './event.ts'
import { hashesOf, hashSecret, newSecret } from './sensor-secrets.ts'

export interface Sensor {
  id: number
  name: string
  org: number | null
  read: boolean
  write: boolean
  test: boolean
  exercise: boolean
  scope: 'own' | 'sector' | 'all'
  hasSecret: boolean
  secretHash: string | null
  certCn: string | null
  hostname: string | null
  lenient: boolean
  inline: boolean
  batch: boolean
  zone: string
  defaultVerdict: VerdictCode
  /** Private ranges that stand for one organisation behind this sensor. */
  inside: { net: Net; org: number }[]
  /** The exercises whose marks count on its events: all that were opened, when it may mark at all. */
  exercises: ExerciseTime[]
}

interface Row {
  id: number
  name: string
  org_id: number | null
  can_read: boolean
  can_write: boolean
  can_test: boolean
  can_exercise: boolean
  scope: Sensor['scope']
  secret_hash: Buffer | null
  cert_cn: string | null
  hostname: string | null
  lenient: boolean
  inline: boolean
  batch: boolean
  zone: string
  default_verdict: number
  inside: { text: string; org: number }[] | null
  exercises: ExerciseTime[] | null
}

const toSensor = (row: Row): Sensor => ({
  id: row.id,
  name: row.name,
  org: row.org_id,
  read: row.can_read,
  write: row.can_write,
  test: row.can_test,
  exercise: row.can_exercise,
  scope: row.scope,
  hasSecret: row.secret_hash !== null,
  secretHash: row.secret_hash?.toString('hex') ?? null,
  certCn: row.cert_cn,
  hostname: row.hostname,
  lenient: row.lenient,
  inline: row.inline,
  batch: row.batch,
  zone: row.zone,
  defaultVerdict: (row.default_verdict & 3) as VerdictCode,
  inside: (row.inside ?? []).flatMap(({ text, org }) => {
    const net = parseNet(text)
    return net ? [{ net, org }] : []
  }),
  exercises: row.exercises ?? [],
})

/** All enabled sensors, of which those of an organisation that left may read nothing; small enough (thousands) to be held in memory by whoever serves them. */
export const enabled = (db: Queryable): Promise<Sensor[]> => select(db, 'where s.disabled_at is null')

/** All sensors that ever were, for reading what they sent again. */
export const every = (db: Queryable): Promise<Sensor[]> => select(db, '')

async function select(db: Queryable, where: string): Promise<Sensor[]> {
  const { rows } = await db.query<Row>(
    `select s.id, s.name, s.org_id, s.can_write, s.can_read and not exists (
         select 1 from organisations o where o.id = s.org_id and o.status = 'left') as can_read,
       s.can_test, s.can_exercise, s.scope, s.secret_hash, s.cert_cn, s.hostname,
       s.lenient, s.inline, s.batch, s.zone, s.default_verdict,
       (select json_agg(json_build_object('text', n.text, 'org', n.org_id)) from sensor_networks n where n.sensor_id = s.id) as inside,
       (select json_agg(json_build_object('id', x.id, 'from', extract(epoch from x.starts_at) * 1000,
         'to', extract(epoch from x.ends_at) * 1000, 'known', extract(epoch from x.created_at) * 1000)) from exercises x where s.can_exercise) as exercises
     from sensors s ${where} order by s.id`,
  )
  return rows.map(toSensor)
}

// Names of records taken over from a stock server carry hyphens, and IDEA allows them too.
const goodName = /^(?:[a-z0-9_][a-z0-9_-]*\.)*[a-z0-9_][a-z0-9_-]*$/

export interface NewSensor {
  name: string
  member: string | null
  rights: string[]
  secret: boolean
  certCn: string | null
  scope?: Sensor['scope']
  lenient?: boolean
  inline?: boolean
  batch?: boolean
  zone?: string
  defaultVerdict?: number
  exercise?: boolean
  hostname?: string | null
  inside?: string[]
}

export async function orgByName(db: Queryable, name: string): Promise<number> {
  const found = await organisationNamed(db, name)
  if (found === 'none')
    throw new NotFound(`There is no member named "${name}". List them with: hsoc members list`)
  if (found === 'several')
    throw new Invalid(`Several members are found by "${name}": write the present name.`)
  return found.id
}

export function checkRights(rights: string[]): void {
  const wrong = rights.filter((right) => !['read', 'write', 'test'].includes(right))
  if (wrong.length > 0 || rights.length === 0)
    throw new Invalid(
      `--rights takes read, write and test, separated by commas${wrong.length ? `; not "${wrong.join(',')}"` : ''}.`,
    )
}

/** Creates a sensor and answers its record number and, when asked for, the one secret: it is shown this once. */
export async function add(
  db: Queryable,
  fresh: NewSensor,
  key: string,
  now: number,
): Promise<{ id: number; secret: string | null }> {
  const name = fresh.name.toLowerCase()
  if (!goodName.test(name) || name.length > 64)
    throw new Invalid(
      `"${fresh.name}" is no sensor name: letters, digits and _ in parts joined by dots, at most 64 characters.`,
    )
  checkRights(fresh.rights)
  const org = fresh.member === null ? null : await orgByName(db, fresh.member)
  const inside = (fresh.inside ?? []).map((text) => {
    const net = parseNet(text)
    if (!net) throw new Invalid(`"${text}" is no address range.`)
    if (org === null) throw new Invalid('Inside networks need a member: say --member NAME too.')
    return net
  })
  const secret = fresh.secret ? newSecret() : null
  const { rows } = await db.query<{ id: number }>(
    `insert into sensors (name, org_id, can_read, can_write, can_test, can_exercise, scope, secret_hash, cert_cn, hostname, lenient, inline, batch, zone,
       default_verdict, created_at, secret_key_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, to_timestamp($16 / 1000.0), $17)
     on conflict do nothing returning id`,
    [
      name,
      org,
      fresh.rights.includes('read'),
      fresh.rights.includes('write'),
      fresh.rights.includes('test'),
      fresh.exercise ?? false,
      fresh.scope ?? 'own',
      secret ? hashSecret(secret, key) : null,
      fresh.certCn?.toLowerCase() ?? null,
      fresh.hostname ?? null,
      fresh.lenient ?? false,
      fresh.inline ?? false,
      fresh.batch ?? false,
      fresh.zone ?? 'UTC',
      fresh.defaultVerdict ?? 0,
      now,
      secret ? keyIdOf(key) : null,
    ],
  )
  const id = rows[0]?.id
  if (id === undefined)
    throw new WrongState(
      `A sensor named "${name}"${fresh.certCn ? ` or with the certificate name "${fresh.certCn}"` : ''} exists already.`,
    )
  for (const net of inside)
    await db.query(
      'insert into sensor_networks (sensor_id, org_id, net_from, net_to, text) values ($1, $2, $3, $4, $5)',
      [id, org, ...bounds(net), net.text],
    )
  await db.query(`select announce('sensors', $1)`, [String(id)])
  return { id, secret }
}

/** Gives a sensor a new secret; the old one stops working at once. */
export async function rotate(db: Queryable, name: string, key: string): Promise<string> {
  const secret = newSecret()
  const { rowCount } = await db.query(
    'update sensors set secret_hash = $2, secret_key_id = $3 where name = lower($1) and disabled_at is null',
    [name, hashSecret(secret, key), keyIdOf(key)],
  )
  if (!rowCount) throw new NotFound(`There is no enabled sensor named "${name}".`)
  await db.query(`select announce('sensors', '')`)
  return secret
}

export async function disable(db: Queryable, name: string, now: number): Promise<void> {
  const { rowCount } = await db.query(
    'update sensors set disabled_at = to_timestamp($2 / 1000.0) where name = lower($1) and disabled_at is null',
    [name, now],
  )
  if (!rowCount) throw new NotFound(`There is no enabled sensor named "${name}".`)
  await db.query(`select announce('sensors', '')`)
}

/** What a request proves itself with. */
export interface Proof {
  /** Verified client certificate, or null. */
  peer: { cn: string; sans: string[] } | null
  client: string | null
  secret: string | null
}

/**
 * The one sensor that a proof names, or null. Certificate by name when the asked client is the CN, the record with that
 * CN, or nothing is asked; else certificate by host name, else the secret. No certificate, client or secret: nobody.
 */
export function identify(sensors: Sensor[], proof: Proof, keys: Under): Sensor | null {
  const client = proof.client?.toLowerCase() ?? null
  const hashes = proof.secret === null ? null : hashesOf(proof.secret, keys)
  const found = proof.peer
    ? byCertificate(sensors, proof.peer, client, hashes)
    : bySecret(sensors, client, hashes, null)
  return found.length === 1 ? (found[0] ?? null) : null
}

function byCertificate(
  sensors: Sensor[],
  peer: NonNullable<Proof['peer']>,
  client: string | null,
  hashes: string[] | null,
): Sensor[] {
  const cn = peer.cn.toLowerCase()
  if (client !== null || hashes === null) {
    const named = sensors.filter(
      (s) => isNamed(s, cn) && (client === null || client === cn || client === s.name),
    )
    if (named.length > 0 || client === cn || client === null) return named
  }
  const names = new Set([cn, ...peer.sans.map((name) => name.toLowerCase())])
  const hosted = sensors.filter(
    (s) =>
      s.hostname !== null &&
      names.has(s.hostname.toLowerCase()) &&
      (client === null || s.name === client) &&
      (s.hasSecret ? isOneOf(s, hashes) : hashes === null),
  )
  return hosted.length > 0 ? hosted : bySecret(sensors, client, hashes, cn)
}

const isOneOf = (s: Sensor, hashes: string[] | null): boolean =>
  s.secretHash !== null && hashes?.includes(s.secretHash) === true

/** A record without any proof of its own is known by its name. */
const isNamed = (s: Sensor, cn: string): boolean =>
  s.certCn === cn || (s.certCn === null && s.hostname === null && !s.hasSecret && s.name === cn)

/** A record that names a host wants a certificate besides; a certificate of another record beside the secret is odd. */
const bySecret = (
  sensors: Sensor[],
  client: string | null,
  hashes: string[] | null,
  cn: string | null,
): Sensor[] =>
  hashes === null
    ? []
    : sensors.filter(
        (s) =>
          isOneOf(s, hashes) &&
          s.hostname === null &&
          (client === null || s.name === client) &&
          (cn === null || s.certCn === null || s.certCn === cn),
      )
