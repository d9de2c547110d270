/** The door of the channels module. */
export { type HoldReason, type Notice, type NoticeKind, queue } from './queue.ts'
