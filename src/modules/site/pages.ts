/** What the pages of the site module offer: mounting them, and parts that other pages and feeds use. */

export { atomOf, type FeedEntry } from './feeds.ts'
export { openKeeper } from './kept.ts'
export { escaped } from './markdown.ts'
export { placePath, warningsFeed } from './places.ts'
export { visitorsHome } from './routes/public.ts'
export { type Drawing, placePage, visited } from './routes/visiting.ts'
export { mountSite, watchChanges } from './routes.ts'
export { loadStarting } from './starting.ts'
