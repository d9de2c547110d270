/** The door of the site module. */

export { openKeeper } from './kept.ts'
export { visitorsHome } from './routes/public.ts'
export { mountSite, watchChanges } from './routes.ts'
export { loadStarting } from './starting.ts'
