/** The door of the advisories module. */
export { openWatcher } from './jobs.ts'
