/** What the pages of the advisories module offer: mounting them. */
export { mountAdvisories } from './routes.ts'
