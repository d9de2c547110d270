/** What can be asked of the events' side; every answer is as the actor of the transaction may see it. */
export { calendar } from './calendar.ts'
export { type Counts, countsOf, type VerdictFilter, verdictFilters } from './counts.ts'
export {
  type DayFigures,
  type DayQuestion,
  dayFigures,
  dayHeadline,
  type OrganisationPart,
  type Part,
  type PlainPart,
} from './day.ts'
export { type Label, labelsOf } from './labels.ts'
export type { Whose } from './scope.ts'
export { type SectorDay, type SectorPart, sectorDay } from './sector.ts'
export type { SilentSensor } from './silent.ts'
export type { TopSource } from './top-sources.ts'
