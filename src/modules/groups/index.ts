/** The door of the groups module. */
export { type Group, groups } from './groups.ts'
export { leadersOf } from './leading.ts'
export { purposeIn, sizeOf, whoMayJoin } from './pages/words.ts'
export { mountGroups } from './routes.ts'
