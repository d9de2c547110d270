/** The word of a device that it has shown a message: only then it counts as delivered. The token names the delivery under a seal. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Database } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import { fitsAny, type Under } from '../../../platform/seal.ts'

const macOf = (secret: string, id: string): Buffer =>
  createHmac('sha256', secret).update(`push told ${id}`).digest().subarray(0, 16)

/** The last part of `/push/told/…`. */
export const toldToken = (secret: string, delivery: number): string =>
  `${delivery}.${macOf(secret, String(delivery)).toString('base64url')}`

/** `NotFound` for a token that we did not make; said twice it changes nothing. */
export async function told(db: Database, secrets: Under, token: string, now: number): Promise<void> {
  const [, id = '', mac = ''] = /^(\d{1,15})\.([\w-]{22})$/.exec(token) ?? []
  const given = Buffer.from(mac, 'base64url')
  const isOurs =
    id !== '' && given.length === 16 && fitsAny(secrets, (one) => timingSafeEqual(given, macOf(one, id)))
  if (!isOurs) throw new NotFound('There is no such message')
  // It may be quicker than the service's answer to us.
  const { rows } = await db.engine.query<{ address: string }>(
    `update deliveries set state = 'delivered', delivered_at = to_timestamp($2 / 1000.0), sent_at = coalesce(sent_at, to_timestamp($2 / 1000.0))
     where id = $1 and channel = 'push' and state in ('sending', 'sent', 'unknown') returning address`,
    [id, now],
  )
  if (rows[0])
    await db.engine.query(
      `update push_devices set told_at = to_timestamp($2 / 1000.0) where 'push:' || id = $1`,
      [rows[0].address, now],
    )
}
