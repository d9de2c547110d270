/** The door of the privacy module. */
export { eraseGone } from './erase.ts'
export { dataSlot } from './pages/data.tsx'
export { mountPrivacy } from './routes.ts'
