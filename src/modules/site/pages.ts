/** What the pages of the site module offer: mounting them, and parts that other pages use. */
export { visitorsHome } from './routes/public.ts'
export { type Drawing, placePage, visited } from './routes/visiting.ts'
export { mountSite, watchChanges } from './routes.ts'
