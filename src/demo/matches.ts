/** The demonstration's advisories and inventories brought together as the worker does, and what one administrator answered. */
import { answer } from '../modules/matches/answers.ts'
import { openMatcher } from '../modules/matches/index.ts'
import { listMatches } from '../modules/matches/read.ts'
import { asActor } from '../platform/access.ts'
import type { Context } from '../platform/context.ts'
import { dayOf } from '../platform/dates.ts'
import { actorOf, daysBefore } from './actors.ts'

/** Who has answered already, and when the repair is planned, in days from now. */
const answered = { by: 'kunhuta@sprava-siti.example', inDays: 9 }

/** Doing it twice changes nothing. */
export async function createMatches(context: Context, now: number): Promise<void> {
  const matcher = openMatcher(context)
  let left = await matcher.work(now)
  while (left > 0) left = await matcher.work(now)
  const by = await actorOf(context.db, answered.by, now)
  const items = await asActor(context.db, by, now, (tx) => listMatches(tx, { state: 'all' }, null, 200))
  if (items.some(({ answer: said }) => said !== 'pending')) return
  const first = items.find(({ patientSafety }) => patientSafety)
  if (!first) return
  const plannedOn = dayOf(daysBefore(now, -answered.inDays), context.settings.zone)
  const given = { answer: 'mitigated' as const, plannedOn, affected: first.pieces }
  await answer(context.db, first.id, { ...given, note: 'Pumpy jsou oddělené od ostatních sítí.' }, by, now)
}
