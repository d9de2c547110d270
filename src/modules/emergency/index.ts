/** The door of the emergency module. */
export { work } from './jobs.ts'
export { rollcallLetter, rollcallShort } from './letters.ts'
export { understandReply } from './reply.ts'
