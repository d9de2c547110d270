/** What the worker calls each second. */
import type { Context } from '../../platform/context.ts'
import { runDigests } from './digest.ts'
import { runDue } from './outbox.ts'
import type { Mailer } from './post.ts'

/** Makes the digests that are due and hands over what waits; answers how many mails the server took. */
export async function work(context: Context, mailer: Mailer, now: number): Promise<number> {
  await runDigests(context, now)
  return runDue(context, mailer, now)
}
