/** The door of the duty module. */
export { type DutyHole, holesAhead } from './ahead.ts'
