/** What the worker calls each second; any number of workers may. */
import type { Context } from '../../platform/context.ts'
import { endDue } from './end.ts'
import { followUp } from './follow.ts'
import { followWarnings } from './of-warnings.ts'
import { fireSteps } from './steps.ts'

/** Answers how many steps fired. */
export async function work(context: Context, now: number): Promise<number> {
  await followWarnings(context, now)
  const fired = await fireSteps(context, now)
  await followUp(context, now)
  await endDue(context, now)
  return fired
}
