/** The door of the site module. */

export { visitorsHome } from './routes/public.ts'
export { mountSite } from './routes.ts'
export { loadStarting } from './starting.ts'
