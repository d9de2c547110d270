/** The door of the privacy module. */
export { eraseGone } from './erase.ts'
