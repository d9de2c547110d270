/**
 * The two clocks of a written warning (sharing.md 11.1): nobody has answered, and the day by which to act. Of severity 4 only the
 * second one; who is silent there climbs (oncall/).
 */
import { DateTime } from 'luxon'
import type { Role } from '../../../platform/access.ts'
import { homeZone } from '../../../platform/dates.ts'
import { afterWorkingDays } from '../working-days.ts'
import type { Standing } from './types.ts'

/** Why coordinators call: it stands until the answer that it waits for. */
export type Listing = 'phone' | 'silent' | 'deadline'

export interface ClockStep {
  /** From one. */
  no: number
  /** ms since 1970 */
  at: number
  /** Who of the organisation is told; null: nobody, it only comes to the coordinators' list. */
  to: 'security' | Role[] | null
  list: Listing | null
}

export type Clock = 'ladder' | 'deadline'

const hourMs = 3_600_000

/** Who is told next while nobody of an organisation answers; what went out at once is no step. */
export function ladderOf(severity: number, askedAt: number): ClockStep[] {
  if (severity === 3)
    return [
      { no: 1, at: askedAt + 4 * hourMs, to: ['security_manager'], list: null },
      { no: 2, at: askedAt + 8 * hourMs, to: ['manager'], list: 'phone' },
      { no: 3, at: askedAt + 24 * hourMs, to: null, list: 'silent' },
    ]
  if (severity === 2)
    return [
      { no: 1, at: afterWorkingDays(askedAt, 2), to: ['security_manager', 'representative'], list: null },
      { no: 2, at: afterWorkingDays(askedAt, 5), to: null, list: 'silent' },
    ]
  return []
}

/** The morning before, of and after the day by which to act; the morning after that it comes to the list. */
export function deadlineOf(actionBy: string | null): ClockStep[] {
  if (actionBy === null) return []
  const at = (days: number): number =>
    DateTime.fromISO(actionBy, { zone: homeZone }).plus({ days }).set({ hour: 7 }).toMillis()
  return [
    { no: 1, at: at(-1), to: 'security', list: null },
    { no: 2, at: at(0), to: 'security', list: null },
    { no: 3, at: at(1), to: 'security', list: null },
    { no: 4, at: at(2), to: null, list: 'deadline' },
  ]
}

/** Up to which answer each clock goes on. */
export const goesOn: Record<Clock, readonly Standing[]> = {
  ladder: ['pending'],
  deadline: ['pending', 'seen', 'working'],
}

/** Where an organisation stands that is asked. */
export interface Standpoint {
  answer: Standing
  askedAt: number
  /** Since when this version is out. */
  publishedAt: number
  severity: number
  actionBy: string | null
  /** How many steps are over. */
  ladderStep: number
  deadlineStep: number
}

/** Whether with its step an organisation comes to the call list, whatever its severity. */
export const lists = (clock: Clock, no: number): boolean => no >= (clock === 'ladder' ? 2 : 4)

/** The steps that are still to come, or due. What was to be before the version came out is past. */
export const stepsAhead = (of: Standpoint): Record<Clock, ClockStep[]> => ({
  ladder: goesOn.ladder.includes(of.answer)
    ? ladderOf(of.severity, of.askedAt).filter((step) => step.no > of.ladderStep)
    : [],
  deadline: goesOn.deadline.includes(of.answer)
    ? deadlineOf(of.actionBy).filter(
        (step) => step.no > of.deadlineStep && step.at > Math.max(of.askedAt, of.publishedAt),
      )
    : [],
})

/** After a stop of the program several are due: the last alone is made. */
export const dueOf = (ahead: ClockStep[], now: number): ClockStep | undefined =>
  ahead.findLast((step) => step.at <= now)

/** What happens next, and when. */
export function nextOf(of: Standpoint): (ClockStep & { clock: Clock }) | null {
  const { ladder, deadline } = stepsAhead(of)
  const [a, b] = [ladder[0], deadline[0]]
  if (a && (!b || a.at <= b.at)) return { ...a, clock: 'ladder' }
  return b ? { ...b, clock: 'deadline' } : null
}

/** Why it is on the coordinators' call list, and since when that was to be. */
export function listedOf(of: Standpoint): { why: Listing; since: number } | null {
  const made = [
    ...(goesOn.deadline.includes(of.answer)
      ? deadlineOf(of.actionBy).filter((step) => step.no <= of.deadlineStep)
      : []),
    ...(goesOn.ladder.includes(of.answer)
      ? ladderOf(of.severity, of.askedAt).filter((step) => step.no <= of.ladderStep)
      : []),
  ]
  const last = made.findLast((step) => step.list !== null)
  return last?.list ? { why: last.list, since: last.at } : null
}
