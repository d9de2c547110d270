/** Proving a mobile number: a code goes to it by short message, and whoever reads it types it, signed in as one of the organisation. */
import { randomInt } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import { seal } from '../../../platform/seal.ts'
import { requireKeeper } from './may.ts'
import { pointFor } from './points.ts'
import { note } from './trail.ts'
import { begin, codeMs, hashCode } from './verify.ts'
import type { Which } from './words.ts'

/** Sends the code. For keepers; `WrongState` for a contact of another channel, where nothing goes out by SMS, and past the day's most. */
export async function sendCode(context: Context, which: Which, by: Actor, now: number): Promise<void> {
  if (!context.settings.hasSms) throw new WrongState('No provider of short messages is set')
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const { secret } = context.settings
  await asEngine(context.db, async (tx) => {
    await requireKeeper(tx, by, which.org, now)
    const point = await pointFor(tx, which, by)
    if (point.channel !== 'sms')
      throw new WrongState('A code can be sent to a number for short messages only')
    await begin(
      tx,
      which,
      { kind: 'sms', hash: hashCode(secret, which.point, now, code), lastsMs: codeMs },
      by,
      now,
    )
    await tx.query('select queue_contact_sms($1, $2, $3, $4, $5)', [
      `contact code ${which.point} ${now}`,
      which.org,
      point.value,
      {
        template: 'contact-code',
        sealed: seal(secret, code),
        until: new Date(now + codeMs).toISOString(),
      },
      new Date(now).toISOString(),
    ])
    await note(tx, 'send-contact-code', which, {}, by, now)
  })
}
