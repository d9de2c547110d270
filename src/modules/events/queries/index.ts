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
export { type DetectionFilter, type DetectionRow, detectionsOf } from './detection-list.ts'
export { type EpisodeEvent, episodeEvents } from './episode-events.ts'
export { type Episode, type EpisodeFilter, type EpisodeRow, episodeOf, episodesOf } from './episodes.ts'
export { eventOf, type OneEvent } from './event.ts'
export { type EventFilter, type EventRow, eventsOf } from './event-list.ts'
export type { Listed, Place } from './keyset.ts'
export { type Label, labelsOf } from './labels.ts'
export { type LoadedList, warningLists } from './lists.ts'
export { orgsOf, type Whose } from './scope.ts'
export { type Found, search } from './search.ts'
export { type SectorDay, type SectorPart, sectorDay } from './sector.ts'
export { accountOf, type Health, refusalsOf, rejectsOf, type SensorHealth, sensorHealth } from './sensors.ts'
export type { SilentSensor } from './silent.ts'
export { type SourceHistory, sourceHistory, sourceText } from './source.ts'
export { type SourceRow, sourcesOf } from './source-list.ts'
export type { TopSource } from './top-sources.ts'
