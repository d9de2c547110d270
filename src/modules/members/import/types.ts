/** Shapes of an import of members: what a file said, what it got wrong, what stands in the register. */
import type { Net } from '../../../values/address.ts'

export const columns = [
  'name',
  'ico',
  'aliases',
  'kind',
  'region',
  'regime',
  'prefixes',
  'domains',
  'contact_email',
  'language',
  'phone',
  'founder',
  'visible_to_parent',
  'role',
  'label',
  'valid_from',
  'valid_to',
] as const
export type Column = (typeof columns)[number]

export const kinds = [
  'hospital',
  'university_hospital',
  'ambulance',
  'region',
  'institute',
  'clinic',
  'ministry',
  'agency',
  'academia',
  'founder',
  'company',
  'network',
  'other',
] as const
export type Kind = (typeof kinds)[number]

export const roles = ['owner', 'delegated', 'provider'] as const
export type NetworkRole = (typeof roles)[number]

export const regimes = ['unknown', 'none', 'lower', 'higher'] as const
/** Under the Czech cyber-security act. */
export type Regime = (typeof regimes)[number]

export type Lang = 'cs' | 'en'

export interface MemberPrefix {
  net: Net
  role: NetworkRole
  /** What the range is for (office, PACS, guests …); null when not said. */
  label: string | null
}

export interface MemberRow {
  /** Line of the file where the organisation begins, from 1 (in Excel the row). */
  line: number
  name: string
  /** Eight digits. */
  ico: string | null
  /** Earlier and other names; those that the register has besides are kept. */
  aliases: string[]
  /** `other` when the file does not say. */
  kind: Kind
  region: string | null
  /** `unknown` when the file does not say. */
  regime: Regime
  /** `cs` when the file does not say. */
  language: Lang
  contactEmail: string | null
  phone: string | null
  founder: string | null
  visibleToParent: boolean
  prefixes: MemberPrefix[]
  /** Host-name form, lower case, ASCII. */
  domains: string[]
  /** First and last day of validity of the row's prefixes and domains (YYYY-MM-DD, Europe/Prague, inclusive). */
  validFrom: string | null
  validTo: string | null
  /** Columns that are filled in: whatever is not stays as it is in the register. A lone `-` fills in "none". */
  given: readonly Column[]
}

export interface LineError {
  /** 0 when the whole file is meant. */
  line: number
  /** Column as the file calls it; empty when the whole line is meant. */
  column: string
  /** The offending part, at most 100 characters. */
  value: string
  /** A sentence: what is wrong and what to do. */
  problem: string
}

export interface MemberFile {
  /** Sound rows only. */
  rows: MemberRow[]
  /** With any error nothing should be imported. */
  errors: LineError[]
  /** Legal, but worth a look before it is imported. */
  notes: LineError[]
}

/** What stands in the register now. Fields left undefined are not compared. */
export interface CurrentOrg {
  id: number | string
  name: string
  /** Earlier names and other spellings by which it is recognised too. */
  names?: string[]
  /** The organisation that it was merged into, so that nothing of it is changed any more. */
  mergedInto?: number | null
  ico?: string | null
  regime?: string
  kind: string
  region: string | null
  language: string
  contactEmail: string | null
  phone: string | null
  /** Canonical text of each address, network or range in force. */
  prefixes: string[]
  domains: string[]
  founder?: string | null
  visibleToParent?: boolean
  /** Role, label and validity of the prefixes, where the caller can tell them. */
  networks?: CurrentNetwork[]
}

export interface CurrentNetwork {
  text: string
  role: string
  label: string | null
  validFrom: string | null
  validTo: string | null
}

/** One row of any file format, before its cells are understood. */
export interface RawRow {
  line: number
  /** A cell could not be read at all; that is told already. */
  isBroken: boolean
  cells: Map<Column, Cell>
}

/** Plain text, or (YAML only) a list of prefixes that carry their own role and label. */
export interface Cell {
  text: string
  items?: { prefix: string; role: string; label: string }[]
}

/** A file format's reading: rows, and the columns the file has with the names it gives them. */
export interface RawTable {
  titles: Map<Column, string>
  rows: RawRow[]
}
