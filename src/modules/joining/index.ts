/** The door of the joining module. */
export { forget as forgetApplications } from './apply.ts'
