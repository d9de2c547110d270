/** The door of the warnings module. */
export type { AnnouncedTest } from './announced.ts'
export type { AnswerResult, GivenAnswer } from './answers.ts'
export type { DryRun } from './dry-run.ts'
export type { Exercise } from './exercises.ts'
export { firstWarning } from './first-warning.ts'
export { work } from './jobs.ts'
export { mailWriters } from './mails.ts'
export { propose } from './propose.ts'
export { countWarnings, getWarning, listWarnings } from './queries.ts'
export type { RuleDefinition, RuleSettings } from './rules.ts'
export type { SuppressedFilters, SuppressedRow } from './suppressed.ts'
export * from './types.ts'
export {
  type Asked as AskedOfWritten,
  askedOf,
  type Waiting as WaitingForReview,
  waitingForReview,
} from './written/concerning.ts'
export { saidIn } from './written/words.ts'
