/** What the pages of the privacy module offer: mounting them, and parts that other pages use. */
export { dataSlot } from './pages/data.tsx'
export { mountPrivacy } from './routes.ts'
