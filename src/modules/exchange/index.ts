/** The door of the exchange module. */
export { countWaiting } from './blocklists/read-all.ts'
export { type Blocklists, openBlocklists } from './blocklists/work.ts'
