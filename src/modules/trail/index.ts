/** The door of the trail module. */
export { work } from './jobs.ts'
export { mountTrail } from './routes.ts'
