/** The door of the site module. */

export { remindOfPlan } from './reminders.ts'
export { placePath } from './places.ts'
export { visitorsHome } from './routes/public.ts'
export { type Drawing, placePage, visited } from './routes/visiting.ts'
export { mountSite } from './routes.ts'
export { openKeeper } from './kept.ts'
export { visitorsHome } from './routes/public.ts'
export { mountSite, watchChanges } from './routes.ts'
export { loadStarting } from './starting.ts'
