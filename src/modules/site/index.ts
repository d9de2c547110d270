/** The door of the site module. */

export { openKeeper } from './kept.ts'
export { placePath } from './places.ts'
export { remindOfPlan } from './reminders.ts'
export { visitorsHome } from './routes/public.ts'
export { type Drawing, placePage, visited } from './routes/visiting.ts'
export { mountSite, watchChanges } from './routes.ts'
export { loadStarting } from './starting.ts'
