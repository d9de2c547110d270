/** What an import would do to the register: pure, so that it can be shown before anything happens. */
import { parseNet } from '../../../values/address.ts'
import { bareInstitution, isSlip } from '../lists/alike.ts'
import { fold } from './names.ts'
import type { Column, CurrentOrg, MemberPrefix, MemberRow } from './types.ts'

const comparedFields = {
  name: 'name',
  ico: 'ico',
  kind: 'kind',
  region: 'region',
  regime: 'regime',
  language: 'language',
  contactEmail: 'contact_email',
  phone: 'phone',
  founder: 'founder',
  visibleToParent: 'visible_to_parent',
} as const satisfies Partial<Record<keyof MemberRow & keyof CurrentOrg, Column>>
export type ComparedField = keyof typeof comparedFields

export interface FieldChange {
  field: ComparedField
  old: string | boolean | null
  new: string | boolean | null
}

export interface NetworkChange {
  prefix: MemberPrefix
  field: 'role' | 'label' | 'validFrom' | 'validTo'
  old: string | null
  new: string | null
}

export interface PlannedChange {
  id: CurrentOrg['id']
  row: MemberRow
  fields: FieldChange[]
  namesAdded: string[]
  prefixesAdded: MemberPrefix[]
  /** As they stand in the register; they end, their history stays. */
  prefixesEnded: string[]
  networks: NetworkChange[]
  domainsAdded: string[]
  domainsEnded: string[]
}

/** A new organisation that may stand in the register under another name; a person should look before it is added. */
export interface Alike {
  row: MemberRow
  org: CurrentOrg
  reason: 'ico' | 'name' | 'domain'
}

export interface Plan {
  created: MemberRow[]
  alike: Alike[]
  changed: PlannedChange[]
  unchanged: { id: CurrentOrg['id']; row: MemberRow }[]
  /** Names that several organisations of the register bear, or one merged into another; a person must decide, nothing happens to them. */
  unclear: { row: MemberRow; ids: CurrentOrg['id'][] }[]
  /** Organisations of the register that the file does not name; nothing happens to them. */
  untouched: CurrentOrg[]
}

/**
 * Compares the rows of a file with the register. Organisations are the same if their names are equal, accents,
 * case and blanks aside; an earlier name or another spelling does where nobody bears the name itself. Only filled-in columns are compared; filled-in prefixes and domains are the whole list.
 * Planning again after the plan was carried out finds everything unchanged.
 */
export function planImport(rows: readonly MemberRow[], current: readonly CurrentOrg[]): Plan {
  const plan: Plan = { created: [], alike: [], changed: [], unchanged: [], unclear: [], untouched: [] }
  const byName = Map.groupBy(current, (org) => fold(org.name))
  const byOther = othersOf(current)
  const named = new Set<CurrentOrg>()
  for (const row of rows) {
    const alike = byName.get(fold(row.name)) ?? byOther.get(fold(row.name)) ?? []
    const exact = alike.filter((org) => org.name === row.name)
    const candidates = exact.length > 0 ? exact : alike
    for (const org of candidates) named.add(org)
    placeRow(row, candidates, plan)
  }
  plan.alike = alikeOf(plan.created, current)
  plan.untouched = current.filter((org) => !named.has(org) && !org.mergedInto)
  return plan
}

/** For each new organisation up to three of the register that it may be, the strongest reason first. */
function alikeOf(created: readonly MemberRow[], current: readonly CurrentOrg[]): Alike[] {
  const names = current.flatMap((org) =>
    [org.name, ...(org.names ?? [])].map((name) => ({ org, name: bareInstitution(name) })),
  )
  // Only names of about the same length can differ by two letters; comparing all with all would take minutes.
  const byLength = Map.groupBy(names, ({ name }) => name.length)
  const byIco = Map.groupBy(current, (org) => org.ico ?? '')
  const byDomain = Map.groupBy(
    current.flatMap((org) => org.domains.map((domain) => ({ org, domain }))),
    ({ domain }) => domain,
  )
  return created.flatMap((row) => {
    const name = bareInstitution(row.name)
    const near = [-2, -1, 0, 1, 2].flatMap((more) => byLength.get(name.length + more) ?? [])
    const found = new Map<CurrentOrg, Alike['reason']>()
    const add = (org: CurrentOrg, reason: Alike['reason']) => found.has(org) || found.set(org, reason)
    if (row.ico !== null) for (const org of byIco.get(row.ico) ?? []) add(org, 'ico')
    for (const one of near) if (one.name === name || isSlip(one.name, name)) add(one.org, 'name')
    for (const { org } of row.domains.flatMap((domain) => byDomain.get(domain) ?? [])) add(org, 'domain')
    return [...found].slice(0, 3).map(([org, reason]) => ({ row, org, reason }))
  })
}

function othersOf(current: readonly CurrentOrg[]): Map<string, CurrentOrg[]> {
  const found = new Map<string, CurrentOrg[]>()
  for (const org of current)
    for (const name of new Set((org.names ?? []).map(fold)))
      found.set(name, [...(found.get(name) ?? []), org])
  return found
}

function placeRow(row: MemberRow, candidates: readonly CurrentOrg[], plan: Plan) {
  const [org] = candidates
  if (!org) plan.created.push(row)
  else if (candidates.length > 1) plan.unclear.push({ row, ids: candidates.map(({ id }) => id) })
  else if (org.mergedInto) plan.unclear.push({ row, ids: [org.id, org.mergedInto] })
  else {
    const change = changeOf(row, org)
    if (isEmpty(change)) plan.unchanged.push({ id: org.id, row })
    else plan.changed.push(change)
  }
}

function changeOf(row: MemberRow, org: CurrentOrg): PlannedChange {
  const held = new Map(org.prefixes.map((text) => [keyOf(text), text]))
  const wanted = new Map(row.prefixes.map((prefix) => [prefix.net.text, prefix]))
  const speaksOf = (column: Column) => row.given.includes(column)
  return {
    id: org.id,
    row,
    fields: fieldChanges(row, org),
    namesAdded: row.aliases.filter((name) => !isNamed(org, name)),
    prefixesAdded: speaksOf('prefixes') ? row.prefixes.filter(({ net }) => !held.has(net.text)) : [],
    prefixesEnded: speaksOf('prefixes')
      ? [...held].filter(([key]) => !wanted.has(key)).map(([, text]) => text)
      : [],
    networks: networkChanges(row, org),
    domainsAdded: speaksOf('domains') ? row.domains.filter((domain) => !org.domains.includes(domain)) : [],
    domainsEnded: speaksOf('domains') ? org.domains.filter((domain) => !row.domains.includes(domain)) : [],
  }
}

const isNamed = (org: CurrentOrg, name: string): boolean =>
  [org.name, ...(org.names ?? [])].some((one) => one.toLowerCase() === name.toLowerCase())

/** Two spellings of one network are the same; text that is no network stands for itself. */
function keyOf(text: string): string {
  return parseNet(text)?.text ?? text
}

function fieldChanges(row: MemberRow, org: CurrentOrg): FieldChange[] {
  const fields = Object.keys(comparedFields) as ComparedField[] // Object.keys forgets the key type
  return fields.flatMap((field) => {
    const old = org[field]
    const wanted = row[field]
    // Found by another name of its: that is no wish to be called so again.
    const isOther = field === 'name' && fold(org.name) !== fold(row.name)
    const isSame = isOther || old === undefined || (old ?? '') === (wanted ?? '')
    return isSame || !row.given.includes(comparedFields[field]) ? [] : [{ field, old, new: wanted }]
  })
}

/** Role, label and validity of prefixes that stay, where the register's side is known. */
function networkChanges(row: MemberRow, org: CurrentOrg): NetworkChange[] {
  const held = new Map(org.networks?.map((network) => [keyOf(network.text), network]))
  return row.prefixes.flatMap((prefix) => {
    const old = held.get(prefix.net.text)
    if (!old) return []
    const wanted = [
      { field: 'role', column: 'role', new: prefix.role },
      { field: 'label', column: 'label', new: prefix.label },
      { field: 'validFrom', column: 'valid_from', new: row.validFrom },
      { field: 'validTo', column: 'valid_to', new: row.validTo },
    ] as const
    return wanted
      .filter((one) => row.given.includes(one.column) && (old[one.field] ?? '') !== (one.new ?? ''))
      .map((one) => ({ prefix, field: one.field, old: old[one.field], new: one.new }))
  })
}

function isEmpty(change: PlannedChange): boolean {
  const { fields, namesAdded, prefixesAdded, prefixesEnded, networks, domainsAdded, domainsEnded } = change
  return [fields, namesAdded, prefixesAdded, prefixesEnded, networks, domainsAdded, domainsEnded].every(
    (list) => list.length === 0,
  )
}
