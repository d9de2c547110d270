/** The doors of the events module for machines. */
export { authoritiesTrusted } from './authority.ts'
export { type Doors, openDoors } from './doors.ts'
export { handOver, trust } from './handover.ts'
export { mountDoors } from './routes/machines.ts'
