/** What the worker calls each second. */
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import { closeDay, seal } from './chain.ts'
import { remindOfGlass } from './glass.ts'

/** Links the lines of the last moments, sends out the head of a day that ended, and asks for reviews that are due. */
export async function work(context: Context, now: number): Promise<void> {
  await seal(context.db)
  const head = await closeDay(context.db, context.settings.zone, now)
  if (head) context.log.info(head, 'the head of the trail')
  await asEngine(context.db, (tx) => remindOfGlass(tx, now))
}
