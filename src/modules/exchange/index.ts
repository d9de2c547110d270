/** The door of the exchange module. */
export { type Blocklists, openBlocklists } from './blocklists/work.ts'
