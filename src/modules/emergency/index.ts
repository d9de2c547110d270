/** The door of the emergency module. */
export { type Drill, lastDrill } from './drills.ts'
export { work } from './jobs.ts'
export { rollcallLetter, rollcallShort } from './letters.ts'
export { understandReply } from './reply.ts'
