/** The door of the members module. */
export { emptyRegister, loadRegister, type NetworkRecord, type Register } from './register.ts'
