/** The door of the channels module. */
export { forgetDeliveries, markOpened } from './deliveries.ts'
export { leaveUrl } from './envelope.ts'
export { work } from './jobs.ts'
export { type Block, exerciseMark, type Item, type Letter, labelLine, subjectLine } from './letter.tsx'
export { type Delivery, type Held, type Mailer, openMailer, type Period, type Writers } from './post.ts'
export { dailyLimit, queue } from './queue.ts'
export type { Reader } from './recipients.ts'
