/** The door of the trail module. */
export { work } from './jobs.ts'
export { forgetReads } from './reads.ts'
