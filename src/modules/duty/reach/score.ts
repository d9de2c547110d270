/** How well an organisation can be reached, 0 to 100 (emergency.md 8): pure, so that the page can say where each point is from. */

export type CallOutcome = 'in-time' | 'late' | 'silent' | 'excused'

/** The last test or drill; null: none was held. */
export type LastCall = { outcome: CallOutcome; monthsAgo: number } | null

export interface Reach {
  /** People with role duty, admin or security manager who are proved to be reached. */
  people: number
  /** How many of them can be reached while the organisation's own mail and network are down. */
  outOfBand: number
  /** A duty without a gap in the next seven days, or somebody declared to answer at any hour. */
  always: boolean
  lastCall: LastCall
  /** Months since the contact book was attested; null: never. */
  attestedMonths: number | null
}

export const parts = ['people', 'outOfBand', 'always', 'lastCall', 'attested'] as const
export type Part = (typeof parts)[number]
export type Points = Record<Part, number>

export const mostPoints: Points = { people: 25, outOfBand: 20, always: 20, lastCall: 20, attested: 15 }

const callPoints: Record<CallOutcome, number> = { 'in-time': 20, late: 10, silent: 0, excused: 0 }
/** Older than that a test says nothing. */
const callMonths = 6

/** Where nobody can be reached, nothing else counts. */
export function pointsOf({ people, outOfBand, always, lastCall, attestedMonths }: Reach): Points {
  if (people === 0) return { people: 0, outOfBand: 0, always: 0, lastCall: 0, attested: 0 }
  return {
    people: people >= 2 ? 25 : 10,
    outOfBand: outOfBand >= Math.min(people, 2) ? 20 : 0,
    always: always ? 20 : 0,
    lastCall: lastCall && lastCall.monthsAgo <= callMonths ? callPoints[lastCall.outcome] : 0,
    attested: attestedMonths === null || attestedMonths > 9 ? 0 : attestedMonths > 6 ? 7 : 15,
  }
}

export const scoreOf = (points: Points): number => parts.reduce((sum, part) => sum + points[part], 0)

export type Band = 'good' | 'fair' | 'poor'
export const bandOf = (score: number): Band => (score >= 80 ? 'good' : score >= 50 ? 'fair' : 'poor')

/** From what a person does in a minute to what takes many people a day. */
const byEffort: Part[] = ['attested', 'outOfBand', 'people', 'always', 'lastCall']

/** The one cheapest thing that brings points, and how many; null where nothing is left to gain. */
export function nextStep(points: Points): { part: Part; gain: number } | null {
  if (points.people === 0) return { part: 'people', gain: 10 }
  const part = byEffort.find((one) => points[one] < mostPoints[one])
  return part ? { part, gain: mostPoints[part] - points[part] } : null
}
