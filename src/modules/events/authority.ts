/** The authority that certifies sensors: the operator's by files, else our own, made at the first need, one for all nodes. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { anchorOf, type KeyPair, makeAuthority } from '../../platform/certificates.ts'
import type { Config } from '../../platform/config.ts'
import type { Settings } from '../../platform/context.ts'
import type { Queryable } from '../../platform/database.ts'
import { Unavailable } from '../../platform/errors.ts'
import { seal, unseal } from '../../platform/seal.ts'

type Certifying = Pick<Settings, 'secret' | 'earlierSecrets' | 'sensorAuthority'>

/** Who signs, with the private key. `Unavailable` when the key was sealed under another secret. */
export async function authorityOf(db: Queryable, settings: Certifying, now: number): Promise<KeyPair> {
  const files = settings.sensorAuthority
  if (files) return { cert: firstOf(files.cert), key: readFileSync(files.key, 'utf8') }
  const { cert, sealed } = (await kept(db)) ?? (await make(db, settings.secret, now))
  const key = unseal(settings, sealed)
  if (key === null)
    throw new Unavailable(
      "The sensors' authority was sealed under another HSOC_SECRET: without that secret, here or in HSOC_SECRET_EARLIER, nothing can be certified.",
    )
  return { cert, key }
}

/** An operator may keep its chain in one file: who signs stands first. */
const firstOf = (file: string): string => {
  const text = readFileSync(file, 'utf8')
  return text.slice(0, text.indexOf(endOfPem) + endOfPem.length).concat('\n')
}
const endOfPem = '-----END CERTIFICATE-----'

type Place = Pick<Config, 'dataDir' | 'secret'> & Pick<Settings, 'earlierSecrets'>

/** The authorities whose certificates the doors ask for and trust, PEM: who signs here, and the operator's further one. */
export async function authoritiesTrusted(
  db: Queryable,
  config: Place & Pick<Config, 'sensorAuthority' | 'sensorCa'>,
  now: number,
): Promise<string[]> {
  const own = config.sensorAuthority
    ? await anchorOf(await authorityOf(db, config, now))
    : await ownCertificate(db, config, now)
  return [own, ...(config.sensorCa ? [readFileSync(config.sensorCa, 'utf8')] : [])]
}

const fileOf = ({ dataDir }: Place, end: 'pem' | 'key'): string =>
  path.join(dataDir, 'tls', `sensors-ca.${end}`)

/** Of the database, with a copy in the data folder for a start while the database is away. */
async function ownCertificate(db: Queryable, place: Place, now: number): Promise<string> {
  const file = fileOf(place, 'pem')
  const copy = existsSync(file) ? readFileSync(file, 'utf8') : null
  try {
    await takeOver(db, place, now)
    const { cert } = (await kept(db)) ?? (await make(db, place.secret, now))
    if (copy !== cert) {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(file, cert)
    }
    return cert
  } catch (error) {
    if (copy === null) throw error
    return copy
  }
}

interface Kept {
  cert: string
  sealed: string
}

async function kept(db: Queryable): Promise<Kept | undefined> {
  const { rows } = await db.query<Kept & Record<string, unknown>>(
    'select cert, sealed_key as sealed from sensor_authority',
  )
  return rows[0]
}

async function make(db: Queryable, secret: string, now: number): Promise<Kept> {
  return keep(db, await makeAuthority('hSOC sensors', now), secret, now)
}

/** Of two nodes that come at once the first one's counts for both. */
async function keep(db: Queryable, pair: KeyPair, secret: string, now: number): Promise<Kept> {
  await db.query(
    `insert into sensor_authority (id, cert, sealed_key, made_at) values (1, $1, $2, to_timestamp($3 / 1000.0))
     on conflict (id) do nothing`,
    [pair.cert, seal(secret, pair.key), now],
  )
  const found = await kept(db)
  if (!found) throw new Unavailable("The sensors' authority could not be kept.")
  return found
}

/**
 * An earlier version kept the authority in files of the data folder: what it gave out stays good, and its private key lies
 * no longer open in a file.
 */
export async function takeOver(db: Queryable, place: Place, now: number): Promise<void> {
  const [pem, key] = [fileOf(place, 'pem'), fileOf(place, 'key')]
  if (!existsSync(key) || !existsSync(pem)) return
  const pair = { cert: readFileSync(pem, 'utf8'), key: readFileSync(key, 'utf8') }
  const { cert } = await keep(db, pair, place.secret, now)
  if (cert === pair.cert) rmSync(key)
}
