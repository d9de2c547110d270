/** What the pages of the matches module offer: mounting them, and what they add to the page of an advisory. */
export { advisorySlots } from './pages/beside.tsx'
export { mountMatches } from './routes.ts'
