/** What the pages of the events module offer: mounting them, and parts that other pages use. */
export { type Hit, mountEvents, type SearchProvider, type Slots } from './routes.ts'
