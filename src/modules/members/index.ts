/** The door of the members module. */
export { tidy } from './account.ts'
export { claimsStanding } from './claims/standing.ts'
export { remindAddressEnds } from './claims/tell.ts'
export { countWaitingClaims } from './claims/waiting.ts'
export { contactBookStanding } from './contacts/attest.ts'
export { mailLost } from './contacts/lost.ts'
export { remindAttestations } from './contacts/remind.ts'
export { remindSheets } from './contacts/remind-sheet.ts'
export { readable } from './contacts/values.ts'
export { createOrganisation, type NewOrganisation } from './create.ts'
export { deviceOf } from './device.ts'
export { hasRightCheckDigit, readIco } from './ico.ts'
export { decode } from './import/decode.ts'
export { listed, noFaults } from './import/faults.ts'
export { fold, kindNamed, kindWords } from './import/names.ts'
export { kinds, type LineError } from './import/types.ts'
export { readEmail, readPhone } from './import/values.ts'
export { inviteWithin } from './invitations.ts'
export { endEverything } from './leaving.ts'
export { readGrid } from './lists/grid.ts'
export { managersOf, manages } from './managing.ts'
export { givable, type MemberRole, memberRoles } from './may.ts'
export type { Member, MemberLine } from './members.ts'
export type { Version, VersionLine } from './memorandum.ts'
export { sets } from './memorandum.ts'
export { withMerged } from './merged.ts'
export { organisationNamed } from './named.ts'
export { disable, endEngagement, type NewPerson, setPassword } from './people.ts'
export { type PublicSignature, publicSignatures, publicVersion, publicVersions } from './public-memorandum.ts'
export {
  type Region,
  type RegionMap,
  regionCodes,
  regionMap,
  regionName,
  regionNamed,
  regions,
} from './regions.ts'
export { emptyRegister, loadRegister, type NetworkRecord, type Register } from './register.ts'
export { registerSearch } from './search.ts'
export { isMember, sharingStanding } from './sharing-rules.ts'
export { isSameThing, type Likeness, type Similar, similarOrganisations } from './similar.ts'
export type { AccountSlots } from './slots.ts'
export { begin as slowDown, formBrake, mailboxBrake } from './slow-down.ts'
