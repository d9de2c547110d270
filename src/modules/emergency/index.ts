/** The door of the emergency module. */
export { mayAnswer } from './answer.ts'
export { lastCallOf } from './drills.ts'
export { work } from './jobs.ts'
export { callSteps } from './ladders.ts'
export { rollcallLetter, rollcallShort } from './letters.ts'
export { type Waiting, waitingFor } from './read.ts'
export { understandReply } from './reply.ts'
export { nameOf as callName } from './words.ts'
