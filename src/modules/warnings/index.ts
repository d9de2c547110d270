/** The door of the warnings module. */
export { type AnnouncedTest, announceTest, listTests, withdrawTest } from './announced.ts'
export { type AnswerResult, answer, answersOf, answerTimes, type GivenAnswer } from './answers.ts'
export { credibilityList, restoreCredibility } from './credibility.ts'
export { type DryRun, dryRun } from './dry-run.ts'
export { createExercise, type Exercise, listExercises } from './exercises.ts'
export { work } from './jobs.ts'
export { mailWriters } from './mails.ts'
export { mayAnswer, needsNote, transitions } from './may.ts'
export { isManagerOnly } from './pages/access.ts'
export { AnswerButtons } from './pages/answer-buttons.tsx'
export { nameOf } from './pages/list.tsx'
export { type Waiting, waitingOf } from './pages/sector-data.ts'
export { flashOf } from './pages/show-routes.ts'
export { type Things, thingsOf } from './pages/things.ts'
export { adviceOf, bandWords, ruleTextOf, standingWords, titleOf } from './pages/words.ts'
export { propose } from './propose.ts'
export {
  countWarnings,
  episodesOf,
  eventsOf,
  getWarning,
  listWarnings,
  timeline,
  warningsOfEpisode,
} from './queries.ts'
export { mountWarnings } from './routes.ts'
export { change, history, type RuleDefinition, type RuleSettings, ruleBook, settingsAt } from './rules.ts'
export { type SuppressedFilters, type SuppressedRow, suppressed, suppressedCounts } from './suppressed.ts'
export { ask, assign, assignable, note, reply } from './talk.ts'
export * from './types.ts'
