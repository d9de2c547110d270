/** The door of the site module; what pages and feeds use of it stands in `pages.ts`. */

export { remindOfPlan } from './reminders.ts'
