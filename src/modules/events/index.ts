/** The door of the events module. */

export { type Band, bandOf } from '../../values/bands.ts'
export {
  type Advice,
  type AdviceSide,
  adviceFor,
  type RuleText,
  ruleText,
  type Step,
  suppressionText,
} from './advice.ts'
export { categoryOfClass, describeClass } from './classes.ts'
export { condense, condenseAll, type Step as CondenseStep } from './condense.ts'
export {
  type Idea,
  type Lane,
  type SeverityLevel,
  type SeverityName,
  type VerdictCode,
  verdicts,
} from './event.ts'
export type { Summary } from './feed.ts'
export { closeEpisodes } from './fold.ts'
export { type Intake, openIntake, type Received } from './intake.ts'
export { type Labeller, openLabeller } from './labels.ts'
export { byRecency, going, lastBetween } from './last-event.ts'
export { listsNaming } from './lists/ask.ts'
export {
  type CuratedEntry,
  criticalServices,
  type Hit,
  type NeverList,
  type NeverParts,
  neverListOf,
  type PublicLists,
} from './lists/never.ts'
export { anyChanged, type Bounds, type Decision, decide, takeChanged } from './outcomes.ts'
export * from './queries/index.ts'
export type { Reject } from './rejects.ts'
export { remindEnds } from './remind.ts'
export { purge } from './retention.ts'
export { publishSector } from './sector.ts'
export { add, enabled, type NewSensor, type Sensor } from './sensors.ts'
export { gradeReasons } from './severity.ts'
export { maybeSlowScan } from './slow-keys.ts'
