/** The door of the home module. */
export { mountHome } from './routes.ts'
