/** The door of the warnings module. */
export type { AnnouncedTest } from './announced.ts'
export type { AnswerResult, GivenAnswer } from './answers.ts'
export { type Listing, reasonsWords } from './digest-mail.ts'
export type { DryRun } from './dry-run.ts'
export type { Exercise } from './exercises.ts'
export { firstWarning } from './first-warning.ts'
export { hookContent } from './hook-content.ts'
export { work } from './jobs.ts'
export { severityName } from './mail-parts.ts'
export { mailWriters, writersWith } from './mails.ts'
export { countOpen } from './oncall/board.ts'
export { runClimbs } from './oncall/run.ts'
export { propose } from './propose.ts'
export { countWarnings, getWarning, listWarnings } from './queries.ts'
export type { RuleDefinition, RuleSettings } from './rules.ts'
export { understandAnswers } from './short-answers.ts'
export type { SuppressedFilters, SuppressedRow } from './suppressed.ts'
export * from './types.ts'
export { byRank, contradict, mayAnswer, needsNote, roleAt, transitions } from './written/answer-rules.ts'
export { type Asker, lookAgain, openAsker } from './written/ask-owners.ts'
export { type ToCall, toCall } from './written/calls.ts'
export {
  type Asked as AskedOfWritten,
  askedOf,
  type Waiting as WaitingForReview,
  waitingForReview,
} from './written/concerning.ts'
export { periodAt } from './written/duty.ts'
export {
  type PublishedVersion as WrittenVersion,
  publishedVersion as writtenVersion,
} from './written/read.ts'
export type { Kind as WrittenKind, Text, Texts, Translation } from './written/types.ts'
export {
  type AnswerWord as ItemAnswer,
  answerWords as itemAnswers,
  type Standing as ItemStanding,
} from './written/types.ts'
export { saidIn } from './written/words.ts'
