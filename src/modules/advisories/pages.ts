/** What the pages of the advisories module offer: mounting them, and parts that other pages use. */

export { Changes } from './pages/show-changes.tsx'
export { Remedies } from './pages/show-parts.tsx'
export type { AdvisorySlots } from './pages/show-props.ts'
export { versionsIn } from './pages/words.tsx'
export { mountAdvisories } from './routes.ts'
