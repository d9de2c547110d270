/** What the pages of the duty module offer: mounting them. */
export { mountDuty } from './routes.ts'
