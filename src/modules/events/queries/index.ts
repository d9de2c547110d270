/** What can be asked of the events' side; every answer is as the actor of the transaction may see it. */
export type { Counts, VerdictFilter } from './counts.ts'
export {
  type DayFigures,
  type DayQuestion,
  dayFigures,
  dayHeadline,
} from './day.ts'
export type { OrganisationPart, Part, PlainPart } from './day-parts.ts'
export type { DetectionFilter, DetectionRow } from './detection-list.ts'
export type { EpisodeEvent } from './episode-events.ts'
export type { Episode, EpisodeFilter, EpisodeRow } from './episodes.ts'
export type { OneEvent } from './event.ts'
export type { EventFilter, EventRow } from './event-list.ts'
export type { Listed, Place } from './keyset.ts'
export type { Label } from './labels.ts'
export type { LoadedList } from './lists.ts'
export type { Whose } from './scope.ts'
export type { Found } from './search.ts'
export { type SectorDay, type SectorPart, sectorDay } from './sector.ts'
export { type Health, type SensorHealth, sensorHealth } from './sensors.ts'
export type { SilentSensor } from './silent.ts'
export type { SourceHistory } from './source.ts'
export type { SourceRow } from './source-list.ts'
export type { TopSource } from './top-sources.ts'
