/** What the worker calls each second, and what it calls each hour. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Database } from '../../platform/database.ts'
import { settle } from './bounces/standing.ts'
import { forgetDeliveries } from './deliveries.ts'
import { runDigests } from './digest.ts'
import { runDue } from './outbox.ts'
import { watchKeys } from './pgp/watch.ts'
import type { Mailer } from './post.ts'
import { forgetDevices } from './push/devices.ts'
import { forgetReceipts } from './sms/receipts.ts'

/** Makes the digests that are due and hands over what waits; answers how many mails the server took. */
export async function work(context: Context, mailer: Mailer, now: number): Promise<number> {
  await runDigests(context, now)
  return runDue(context, mailer, now)
}

/** Ends trials of addresses, and forgets what is past its period. */
export async function tidyChannels(db: Database, now: number): Promise<void> {
  await forgetDeliveries(db, now)
  await asEngine(db, (tx) => settle(tx, now))
  await forgetDevices(db.engine, now)
  await forgetReceipts(db.engine, now)
  await asEngine(db, (tx) => watchKeys(tx, now))
}
