/** The door of the advisories module. */
export { type Content, cvesOf, isWithdrawn, topScore } from './content.ts'
export { nameOf } from './differences.ts'
export { openWatcher } from './jobs.ts'
export { type KnownProduct, knownNames, knownProducts } from './known-products.ts'
export type { AdvisoryTlp } from './labels.ts'
export { type Advisory, advisoryAt, advisorySince } from './queries.ts'
