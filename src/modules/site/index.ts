/** The door of the site module. */

export { atomOf, type FeedEntry } from './feeds.ts'
export { openKeeper } from './kept.ts'
export { escaped } from './markdown.ts'
export { placePath, warningsFeed } from './places.ts'
export { remindOfPlan } from './reminders.ts'
export { loadStarting } from './starting.ts'
