/** What the pages of the members module offer: mounting them, and parts that other pages use. */
export { kindIn, signedIn } from './pages/names.ts'
export { askAgain } from './routes/again.ts'
export { mountMembers } from './routes.ts'
