/** Where nobody will be on duty although the rules put somebody there: people who left, or exceptions that nobody fills. */
import type { Tx } from '../../platform/database.ts'
import { type DutyLine, duties, dutyAt, scheduleOf } from './read.ts'
import { gapsIn, type Schedule, type Shift, shiftsOf } from './rota.ts'

export interface DutyHole extends DutyLine {
  /** ms since 1970 */
  from: number
  to: number
}

const aheadMs = 7 * 86_400_000
/** Schedules of one reader that are looked through. */
const mostDuties = 40

/** The first such time of each duty of these organisations (null: the coordinators') in the week to come. Nights without any rule are meant so. */
export async function holesAhead(
  tx: Tx,
  orgs: (number | null)[],
  zone: string,
  now: number,
): Promise<DutyHole[]> {
  const lines = (await duties(tx)).filter((line) => orgs.includes(line.org)).slice(0, mostDuties)
  const holes: DutyHole[] = []
  for (const { id, org, orgName, name } of lines) {
    const hole = firstHole(scheduleOf(await dutyAt(tx, id, now), zone), now, now + aheadMs)
    if (hole) holes.push({ id, org, orgName, name, from: hole.from, to: hole.to })
  }
  return holes
}

/** The schedule as its rules mean it, had nobody left and were there no exceptions. */
const asMeant = (schedule: Schedule): Schedule => ({
  ...schedule,
  present: schedule.rules.flatMap(({ who }) => ('person' in who ? [who.person] : who.rotation.people)),
  overrides: [],
  temporary: [],
})

export function firstHole(schedule: Schedule, from: number, to: number): Pick<Shift, 'from' | 'to'> | null {
  const meant = shiftsOf(asMeant(schedule), from, to).filter((shift) => shift.people.length > 0)
  for (const gap of gapsIn(schedule, from, to)) {
    const shift = meant.find((one) => one.from < gap.to && one.to > gap.from)
    if (shift) return { from: Math.max(gap.from, shift.from), to: Math.min(gap.to, shift.to) }
  }
  return null
}
