/** The door of the privacy module. */
export { mountPrivacy } from './routes.ts'
