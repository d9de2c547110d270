/** What the pages of the trail module offer: mounting them, and parts that other pages use. */
export { watchReads } from './routes/reads.ts'
export { mountTrail } from './routes.ts'
