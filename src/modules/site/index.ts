/** The door of the site module. */

export { openKeeper } from './kept.ts'
export { placePath } from './places.ts'
export { remindOfPlan } from './reminders.ts'
export { loadStarting } from './starting.ts'
