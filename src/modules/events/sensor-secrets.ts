/** How sensors' secrets are stored: as hashes under the installation's secret, and under a new one as soon as they are shown again. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Queryable } from '../../platform/database.ts'
import { keyIdOf, type Secrets, secretsOf, type Under } from '../../platform/seal.ts'

/** The stored form of a secret: keyed, so that the table alone does not let anybody guess. */
export const hashSecret = (secret: string, key: string): Buffer =>
  createHmac('sha256', key).update(`sensor\0${secret}`).digest()

/** Under each of the installation's secrets, hexadecimal, the present one first. */
export const hashesOf = (secret: string, keys: Under): string[] =>
  secretsOf(keys).map((key) => hashSecret(secret, key).toString('hex'))

/** 32 characters, 160 bits, no look-alikes lost to copying by hand. */
export const newSecret = (): string => randomBytes(24).toString('base64url')

interface Shown {
  id: number
  secretHash: string | null
}

/**
 * A sensor's hash cannot be made anew without its secret, so it is when the sensor shows it: from then on the earlier secret
 * of the installation is not needed for it. Answers whether there was anything to do.
 */
export async function keyAnew(
  db: Queryable,
  sensor: Shown,
  secret: string,
  { secret: key }: Secrets,
): Promise<boolean> {
  const hash = hashSecret(secret, key)
  if (sensor.secretHash === null || sensor.secretHash === hash.toString('hex')) return false
  const { rowCount } = await db.query(
    `update sensors set secret_hash = $2, secret_key_id = $3 where id = $1 and secret_hash = decode($4, 'hex')`,
    [sensor.id, hash, keyIdOf(key), sensor.secretHash],
  )
  if (rowCount) await db.query(`select announce('sensors', $1)`, [String(sensor.id)])
  return rowCount === 1
}
