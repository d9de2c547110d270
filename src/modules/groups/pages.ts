/** What the pages of the groups module offer: mounting them, and parts that other pages use. */
export { purposeIn, sizeOf, whoMayJoin } from './pages/words.ts'
export { mountGroups } from './routes.ts'
