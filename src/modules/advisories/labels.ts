/** Labels that an advisory may bear here, and who reads it then. */
import { readersOf } from '../../values/scopes.ts'
import { type Tlp, tlps } from '../../values/tlp.ts'

/** RED goes to named persons, and nothing of it is kept here. */
export type AdvisoryTlp = Exclude<Tlp, 'RED'>
export const advisoryTlps = tlps.filter((one): one is AdvisoryTlp => one !== 'RED')

/** The narrower of the two. */
export const narrower = (a: AdvisoryTlp, b: AdvisoryTlp): AdvisoryTlp =>
  tlps.indexOf(a) < tlps.indexOf(b) ? a : b

/** Who reads it: anybody what is public, members up to GREEN, else the coordinators alone. */
export function readersFor(tlp: AdvisoryTlp): number[] {
  if (tlp === 'CLEAR') return readersOf({ kind: 'public' }, tlp, null)
  return readersOf(tlp === 'GREEN' ? { kind: 'all_members' } : { kind: 'coordinators' }, tlp, null)
}
