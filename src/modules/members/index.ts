/** The door of the members module. */
export { tidy } from './account.ts'
export type { Member, MemberLine } from './members.ts'
export { deviceOf } from './pages/device.ts'
export { disable, endEngagement, type NewPerson, setPassword } from './people.ts'
export { emptyRegister, loadRegister, type NetworkRecord, type Register } from './register.ts'
export { askAgain } from './routes/again.ts'
export { mountMembers } from './routes.ts'
export type { AccountSlots } from './slots.ts'
