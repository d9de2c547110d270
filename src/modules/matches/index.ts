/** The door of the matches module. */
export { hookContent } from './hook-content.ts'
export { mailWriters } from './letters.ts'
export { type OpenMatch, openMatches } from './open.ts'
export { concernsWords } from './words.ts'
export { type Matcher, openMatcher } from './work.ts'
