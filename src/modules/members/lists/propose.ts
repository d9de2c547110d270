/**
 * What each line of a list may mean, with the reason. Only what is written exactly alike counts as the same by itself; anything
 * nearer than chance is a proposal or a question, and waits for a person.
 */
import {
  bareInstitution,
  bareName,
  beyond,
  hasLegalForm,
  isCutOff,
  isLegalForm,
  isSlip,
  ownDomain,
} from './alike.ts'
import type { ListLine } from './lines.ts'

export interface KnownOrganisation {
  id: number
  name: string
  names: string[]
  ico: string | null
  domains: string[]
}

export interface KnownSignatory {
  id: number
  names: string[]
  /** Organisations for which they signed. */
  orgs: number[]
}

export type Reason =
  | 'same'
  | 'ico'
  | 'name'
  | 'distance'
  | 'cut'
  | 'part'
  | 'legal'
  | 'domain'
  | 'several'
  | 'elsewhere'

export interface Proposal {
  /** `org:7`, `line:3`, `part:line:3`, `person:2`, `new`; null where the reasons do not suffice to propose anything. */
  decision: string | null
  /** Written exactly alike, or like nothing else: needs nobody. */
  certain: boolean
  reasons: Reason[]
  /** What else may be chosen, besides `new`. */
  options: string[]
}

export interface Decisions {
  org: string | null
  person: string | null
}

export interface Proposed {
  line: ListLine
  org: Proposal
  person: Proposal
  /** What a person said, else the proposal where it is certain; null where a person must say. */
  decided: Decisions
}

interface Subject {
  key: string
  names: Set<string>
  bare: string[]
  domains: Set<string>
  icos: Set<string>
}

const certainly = (decision: string): Proposal => ({
  decision,
  certain: true,
  reasons: decision === 'new' ? [] : ['same'],
  options: decision === 'new' ? [] : [decision],
})

/** Proposals for all lines in their order; earlier decisions are minded, as who is meant depends on where. */
export function propose(
  lines: readonly ListLine[],
  known: { organisations: readonly KnownOrganisation[]; signatories: readonly KnownSignatory[] },
  decisions: ReadonlyMap<number, Decisions>,
): Proposed[] {
  const organisations = known.organisations.map(subjectOf)
  const people = known.signatories.map(personOf)
  const roots = new Map<number, string>()
  return lines.map((line) => {
    const said = decisions.get(line.line) ?? { org: null, person: null }
    const org = proposeOrganisation(line, organisations)
    const decidedOrg = said.org ?? (org.certain ? org.decision : null)
    const root = rootOf(line.line, decidedOrg ?? org.decision, roots)
    roots.set(line.line, root)
    const person = proposePerson(line, root, people)
    const decided = { org: decidedOrg, person: said.person ?? (person.certain ? person.decision : null) }
    return { line, org, person, decided }
  })
}

/** The organisation that a line ends at, when those it points to are followed. */
function rootOf(line: number, decision: string | null, roots: ReadonlyMap<number, string>): string {
  if (decision?.startsWith('org:')) return decision
  const other = /^line:(\d+)$/.exec(decision ?? '')?.[1]
  return (other && roots.get(Number(other))) || `line:${line}`
}

const subjectOf = (org: KnownOrganisation): Subject => ({
  key: `org:${org.id}`,
  names: new Set([org.name, ...org.names]),
  bare: [...new Set([org.name, ...org.names].map(bareInstitution))],
  domains: new Set(org.domains),
  icos: new Set(org.ico ? [org.ico] : []),
})

function proposeOrganisation(line: ListLine, subjects: Subject[]): Proposal {
  const exact = subjects.filter((one) => one.names.has(line.institution))
  const [only] = exact
  if (only && exact.length === 1) {
    learn(only, line)
    return certainly(only.key)
  }
  const proposal = exact.length > 1 ? several(exact) : nearest(line, subjects)
  subjects.push({
    key: `line:${line.line}`,
    names: new Set([line.institution]),
    bare: [bareInstitution(line.institution)],
    domains: new Set(),
    icos: new Set(),
  })
  learn(subjects.at(-1), line)
  return proposal
}

function learn(subject: Subject | undefined, line: ListLine): void {
  const domain = ownDomain(line.email)
  if (domain) subject?.domains.add(domain)
  if (line.ico) subject?.icos.add(line.ico)
}

const several = (subjects: Subject[]): Proposal => ({
  decision: null,
  certain: false,
  reasons: ['several'],
  options: subjects.map((one) => one.key),
})

/** The strongest reason first. */
const ranks: Reason[] = ['ico', 'name', 'distance', 'cut', 'legal', 'part', 'domain']

function nearest(line: ListLine, subjects: readonly Subject[]): Proposal {
  const name = bareInstitution(line.institution)
  const found = subjects.flatMap((subject) => {
    const reasons = reasonsFor(line, name, subject)
    return reasons.length > 0 ? [{ subject, reasons, rank: ranks.indexOf(reasons[0] ?? 'domain') }] : []
  })
  if (found.length === 0) return certainly('new')
  const best = found.filter((one) => one.rank === Math.min(...found.map((other) => other.rank)))
  const standing = best.filter((one) => one.subject.key.startsWith('org:'))
  const candidates = standing.length > 0 ? standing : best.slice(0, 1)
  const [first] = candidates
  if (!first || candidates.length > 1) return several(candidates.map((one) => one.subject))
  const { key } = first.subject
  const [reason] = first.reasons
  const isPart = reason === 'part' || reason === 'legal'
  const decision = reason === 'legal' || reason === 'domain' ? null : isPart ? `part:${key}` : key
  return { decision, certain: false, reasons: first.reasons, options: isPart ? [`part:${key}`, key] : [key] }
}

/** `name` is the line's institution, made bare. */
function reasonsFor(line: ListLine, name: string, subject: Subject): Reason[] {
  const some = (holds: (other: string) => boolean): boolean => subject.bare.some(holds)
  const rest = subject.bare.map((other) => beyond(name, other)).find((one) => one !== null)
  const isBarer = some((other) => isLegalForm(beyond(other, name) ?? ''))
  if ((rest && isLegalForm(rest)) || isBarer) return ['name']
  // A part, or what it is a part of, shares the domain without being the same.
  if (rest) return [hasLegalForm(rest) && !some(hasLegalForm) ? 'legal' : 'part']
  const isWider = some((other) => beyond(other, name) !== null)
  const domain = ownDomain(line.email)
  return [
    ...(line.ico !== '' && subject.icos.has(line.ico) ? (['ico'] as const) : []),
    ...(subject.bare.includes(name) ? (['name'] as const) : []),
    ...(some((other) => isSlip(other, name)) ? (['distance'] as const) : []),
    ...(some((other) => isCutOff(other, name)) ? (['cut'] as const) : []),
    ...(!isWider && domain !== null && subject.domains.has(domain) ? (['domain'] as const) : []),
  ]
}

interface Person {
  key: string
  names: Set<string>
  bare: Set<string>
  orgs: Set<string>
}

const personOf = (one: KnownSignatory): Person => ({
  key: `person:${one.id}`,
  names: new Set(one.names),
  bare: new Set(one.names.map(bareName)),
  orgs: new Set(one.orgs.map((id) => `org:${id}`)),
})

/** The same name at the same institution is the same signature; anywhere else it is a question of who that is. */
function proposePerson(line: ListLine, root: string, people: Person[]): Proposal {
  const name = bareName(line.signatory)
  const here = people.filter((one) => one.orgs.has(root))
  const exact = here.find((one) => one.names.has(line.signatory))
  if (exact) return certainly(exact.key)
  const proposal =
    suggest(here, (one) => one.bare.has(name), 'name') ??
    suggest(here, (one) => [...one.bare].some((other) => isSlip(other, name)), 'distance') ??
    suggest(people, (one) => one.bare.has(name), 'elsewhere') ??
    certainly('new')
  people.push({
    key: `line:${line.line}`,
    names: new Set([line.signatory]),
    bare: new Set([name]),
    orgs: new Set([root]),
  })
  return proposal
}

function suggest(people: readonly Person[], fits: (one: Person) => boolean, reason: Reason): Proposal | null {
  const found = people.find(fits)
  return found ? { decision: found.key, certain: false, reasons: [reason], options: [found.key] } : null
}
