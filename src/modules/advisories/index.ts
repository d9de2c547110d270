/** The door of the advisories module. */
export { type Content, cvesOf, isExploited, isWithdrawn, type Remedy, topScore } from './content.ts'
export { type Differences, differencesOf, isSame, nameOf } from './differences.ts'
export { openWatcher } from './jobs.ts'
export { type AdvisoryTlp, advisoryTlps } from './labels.ts'
export { type Advisory, advisoryAt, advisorySince } from './queries.ts'
