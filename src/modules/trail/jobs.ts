/** What the worker calls each second. */
import type { Context } from '../../platform/context.ts'
import { closeDay, seal } from './chain.ts'

/** Links the lines of the last moments, and sends out the head of a day that ended. */
export async function work(context: Context, now: number): Promise<void> {
  await seal(context.db)
  const head = await closeDay(context.db, context.settings.zone, now)
  if (head) context.log.info(head, 'the head of the trail')
}
