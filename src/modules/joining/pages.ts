/** What the pages of the joining module offer: mounting them, and parts that other pages use. */
export { mountJoining } from './routes.ts'
