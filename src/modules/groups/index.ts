/** The door of the groups module. */
export { type Group, groups } from './groups.ts'
export { leadersOf } from './leading.ts'
