/** The door of the site module. */

export { remindOfPlan } from './reminders.ts'
export { visitorsHome } from './routes/public.ts'
export { mountSite } from './routes.ts'
export { loadStarting } from './starting.ts'
