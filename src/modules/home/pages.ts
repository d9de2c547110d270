/** What the pages of the home module offer: mounting them, and parts that other pages use. */
export { mountHome } from './routes.ts'
