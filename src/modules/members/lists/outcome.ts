/** What a list comes to once every line is decided: pure, so that the preview and the deed say the same. */
import { bareName } from './alike.ts'
import { readSigned, type SignedOn, type Slashes } from './days.ts'
import type { Proposed } from './propose.ts'

export interface PlannedOrganisation {
  /** `org:7`, or `line:3` for one that is new. */
  key: string
  /** Every spelling met, in the order of the lines; of a new one the longest becomes its name. */
  spellings: string[]
  /** The key of the organisation of which a new one is a part. */
  partOf: string | null
}

export interface PlannedSignature {
  organisation: string
  /** `person:2`, or `line:3` for one that is new. */
  signatory: string
  /** Of the last line, which corrects those before it. */
  institution: string
  name: string
  spellings: string[]
  signed: SignedOn | null
  addresses: string[]
  lines: number[]
}

export interface Outcome {
  organisations: PlannedOrganisation[]
  signatures: PlannedSignature[]
  /** Lines that wait for a person, and whether the order of dates does. */
  undecided: number[]
  needsSlashes: boolean
  skipped: number[]
  /** Signatures whose lines give different days; the last one counts. */
  differentDays: number[]
}

const isOther = /^line:(\d+)$/

/** Follows what lines say of each other; a line that says nothing, or goes round in a circle, stands for itself. */
function follow(line: number, decisionOf: (line: number) => string | null): string {
  const seen = new Set<number>()
  for (let at = line; ; ) {
    const decision = decisionOf(at)
    const other = isOther.exec(decision ?? '')?.[1]
    if (other === undefined || seen.has(Number(other)))
      return decision === null || !/^(org|person):\d+$/.test(decision) ? `line:${at}` : decision
    seen.add(at)
    at = Number(other)
  }
}

export function outcomeOf(proposed: readonly Proposed[], slashes: Slashes | null): Outcome {
  const byLine = new Map(proposed.map((one) => [one.line.line, one]))
  const orgOf = (line: number): string | null => byLine.get(line)?.decided.org ?? null
  const personOf = (line: number): string | null => byLine.get(line)?.decided.person ?? null
  const skipped = proposed.filter((one) => one.decided.org === 'skip').map((one) => one.line.line)
  const counted = proposed.filter((one) => one.decided.org !== 'skip')
  const outcome: Outcome = {
    organisations: [],
    signatures: [],
    undecided: counted.filter((one) => !one.decided.org || !one.decided.person).map((one) => one.line.line),
    needsSlashes: slashes === null && counted.some((one) => readSigned(one.line.day).kind === 'slashes'),
    skipped,
    differentDays: [],
  }
  const organisations = new Map<string, PlannedOrganisation>()
  const signatures = new Map<string, PlannedSignature>()
  for (const one of counted) {
    const organisation = follow(one.line.line, orgOf)
    addSpelling(organisations, organisation, one, orgOf)
    addLine(signatures, { organisation, signatory: follow(one.line.line, personOf) }, one, slashes, outcome)
  }
  outcome.organisations = [...organisations.values()]
  outcome.signatures = [...signatures.values()]
  return outcome
}

function addSpelling(
  found: Map<string, PlannedOrganisation>,
  key: string,
  { line }: Proposed,
  orgOf: (line: number) => string | null,
): void {
  const one = found.get(key) ?? { key, spellings: [], partOf: null }
  found.set(key, one)
  if (!one.spellings.includes(line.institution)) one.spellings.push(line.institution)
  const above = /^part:(?:(org:\d+)|line:(\d+))$/.exec(orgOf(Number(isOther.exec(key)?.[1] ?? 0)) ?? '')
  if (above) one.partOf = above[1] ?? follow(Number(above[2]), orgOf)
}

function addLine(
  found: Map<string, PlannedSignature>,
  { organisation, signatory }: { organisation: string; signatory: string },
  { line }: Proposed,
  slashes: Slashes | null,
  outcome: Outcome,
): void {
  const key = `${organisation} ${signatory}`
  const one = found.get(key) ?? {
    ...{ organisation, signatory, institution: '', name: '', signed: null },
    ...{ spellings: [], addresses: [], lines: [] },
  }
  found.set(key, one)
  one.institution = line.institution
  one.name = line.signatory
  if (!one.spellings.includes(line.signatory)) one.spellings.push(line.signatory)
  if (line.email !== '' && !one.addresses.includes(line.email)) one.addresses.push(line.email)
  one.lines.push(line.line)
  const read = readSigned(line.day, slashes)
  if (read.kind !== 'known') return
  if (one.signed && one.signed.day !== read.day) outcome.differentDays.push(line.line)
  one.signed = { day: read.day, precision: read.precision }
}

export interface Figures {
  signatures: number
  institutions: number
  persons: number
  dated: number
  undated: number
  withAddress: number
  withoutAddress: number
}

export function figuresOf({ signatures }: Outcome): Figures {
  const dated = signatures.filter((one) => one.signed !== null).length
  const withAddress = signatures.filter((one) => one.addresses.length > 0).length
  return {
    signatures: signatures.length,
    institutions: new Set(signatures.map((one) => one.organisation)).size,
    persons: new Set(signatures.map((one) => one.signatory)).size,
    dated,
    undated: signatures.length - dated,
    withAddress,
    withoutAddress: signatures.length - withAddress,
  }
}

/** What a person should see beside an address: several that differ, or one in which the signatory's name does not occur. */
export function addressDoubts(one: PlannedSignature): ('differs' | 'other')[] {
  const words = one.spellings.map((name) => bareName(name).split(' '))
  const surnames = words.flatMap((name) => name.slice(-1))
  const isOwn = (address: string): boolean => {
    const local = (address.split('@')[0] ?? '').normalize('NFKD').replace(/\p{M}/gu, '')
    // A given name is too common to tell people apart unless it is all there is: karel@, but not karel.jiny@.
    if (words.flat().includes(local.toLowerCase())) return true
    return surnames.some((surname) => surname.length >= 3 && local.includes(surname.slice(0, 6)))
  }
  return [
    ...(one.addresses.length > 1 ? (['differs'] as const) : []),
    ...(one.addresses.some((address) => !isOwn(address)) ? (['other'] as const) : []),
  ]
}
