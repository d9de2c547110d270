/** What the pages of the emergency module offer: mounting them, and what stands above everybody's pages while a call waits. */
export { watchCalls } from './pages/banner.ts'
export { mountEmergency } from './routes.ts'
