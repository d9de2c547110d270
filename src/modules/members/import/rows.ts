/** Turns raw rows into members: every cell is understood or refused with its line and column. */
import { isPrivate } from '../../../values/address.ts'
import { hasRightCheckDigit, readIco } from '../ico.ts'
import type { Faults } from './faults.ts'
import { refuse, remark } from './faults.ts'
import { longestCell } from './limits.ts'
import { hasBrokenAccents } from './mojibake.ts'
import {
  allowedWords,
  fold,
  kindNamed,
  kindWords,
  languageNamed,
  regimeNamed,
  regimeWords,
  roleNamed,
  roleWords,
  yesNoNamed,
} from './names.ts'
import type { Cell, Column, Lang, MemberPrefix, MemberRow, NetworkRole, RawRow } from './types.ts'
import { columns } from './types.ts'
import type { Understood } from './values.ts'
import { entriesOf, none, readDay, readDomain, readEmail, readPhone, readPrefix } from './values.ts'
import type { Sentence, Values } from './words.ts'

const longestText = 200

/** A row's cells with their titles, and the place to complain to. */
interface Row {
  raw: RawRow
  titles: ReadonlyMap<Column, string>
  faults: Faults
  sound: boolean
}

/** Understands one row; null (with errors) when anything in it is wrong. */
export function readRow(raw: RawRow, titles: ReadonlyMap<Column, string>, faults: Faults): MemberRow | null {
  const row: Row = { raw, titles, faults, sound: !raw.isBroken }
  const name = shortText(row, 'name')
  if (row.sound && fold(name ?? '') === '') complain(row, 'name', '', 'noName')
  if (name && hasBrokenAccents(name)) remark(faults, { line: raw.line, value: name }, 'mojibake')
  const validFrom = read(row, 'valid_from', readDay)
  const validTo = read(row, 'valid_to', readDay)
  if (validFrom && validTo && validTo < validFrom) {
    complain(row, 'valid_to', validTo, 'dateOrder', { from: validFrom, to: validTo })
  }
  const member: MemberRow = {
    line: raw.line,
    name: name ?? '',
    ico: read(row, 'ico', readNumber),
    aliases: readAliases(row),
    kind: readKind(row),
    region: shortText(row, 'region'),
    regime:
      read(
        row,
        'regime',
        named(regimeNamed, 'regime', { allowed: allowedWords(regimeWords, row.faults.lang) }),
      ) ?? 'unknown',
    language: read(row, 'language', named(languageNamed, 'language')) ?? defaultLanguage,
    contactEmail: read(row, 'contact_email', readEmail),
    phone: read(row, 'phone', readPhone),
    founder: shortText(row, 'founder'),
    visibleToParent: read(row, 'visible_to_parent', named(yesNoNamed, 'yesNo')) === 'yes',
    prefixes: readPrefixes(row),
    domains: readDomains(row),
    validFrom,
    validTo,
    given: givenColumns(raw),
  }
  if (member.ico !== null && !hasRightCheckDigit(member.ico))
    remark(faults, { line: raw.line, column: titles.get('ico') ?? 'ico', value: member.ico }, 'icoDigit')
  return row.sound ? member : null
}

const defaultLanguage: Lang = 'cs'

function givenColumns(raw: RawRow): Column[] {
  const isFilled = (cell: Cell | undefined) =>
    cell !== undefined && (cell.items !== undefined || cell.text !== '')
  const items = raw.cells.get('prefixes')?.items ?? []
  return columns.filter(
    (column) =>
      isFilled(raw.cells.get(column)) ||
      ((column === 'role' || column === 'label') && items.some((item) => item[column] !== '')),
  )
}

/** Columns in which a lone dash says "none". */
const clearable: readonly Column[] = [
  'ico',
  'region',
  'prefixes',
  'domains',
  'contact_email',
  'phone',
  'founder',
  'label',
  'valid_from',
  'valid_to',
]

function complain(row: Row, column: Column, value: string, sentence: Sentence, values?: Values) {
  row.sound = false
  refuse(
    row.faults,
    { line: row.raw.line, column: row.titles.get(column) ?? column, value },
    sentence,
    values,
  )
}

function cellOf(row: Row, column: Column): Cell {
  return row.raw.cells.get(column) ?? { text: '' }
}

/** The text of a cell, trimmed; checked for length, control characters and formulas. */
function textOf(row: Row, column: Column, longest = longestText): string {
  const text = cellOf(row, column).text.trim()
  if (text.length > longest) {
    complain(row, column, text, 'cellTooLong', { length: text.length, limit: longest })
  } else if (
    /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/.test(text)
  ) {
    complain(row, column, text, 'control')
  } else if (text.startsWith('=')) complain(row, column, text, 'formula')
  else return text === none && clearable.includes(column) ? '' : text
  return ''
}

function shortText(row: Row, column: Column): string | null {
  const text = textOf(row, column).replace(/\s+/g, ' ').normalize('NFC')
  return text === '' ? null : text
}

function read<T>(row: Row, column: Column, understand: (text: string) => Understood<T>): T | null {
  const text = textOf(row, column)
  if (text === '') return null
  const found = understand(text)
  if (found.ok) return found.value
  complain(row, column, found.value, found.sentence, found.values)
  return null
}

function named<T>(lookUp: (text: string) => T | null, sentence: Sentence, values?: Values) {
  return (text: string): Understood<T> => {
    const value = lookUp(text)
    return value === null ? { ok: false, value: text, sentence, values } : { ok: true, value }
  }
}

function readKind(row: Row) {
  const kind = read(
    row,
    'kind',
    named(kindNamed, 'kind', { allowed: allowedWords(kindWords, row.faults.lang) }),
  )
  if (kind === null && row.sound && cellOf(row, 'kind').text === '') {
    remark(row.faults, { line: row.raw.line, column: row.titles.get('kind') ?? 'kind' }, 'noKind')
  }
  return kind ?? 'other'
}

const readNumber = (text: string): Understood<string> => {
  const ico = readIco(text)
  return ico === null ? { ok: false, value: text, sentence: 'ico' } : { ok: true, value: ico }
}

function readAliases(row: Row): string[] {
  const names = textOf(row, 'aliases', longestCell)
    .split(/[;|\n]/)
    .map((name) => name.replace(/\s+/g, ' ').trim().normalize('NFC'))
    .filter((name) => name !== '')
  const long = names.find((name) => name.length > longestText)
  if (long !== undefined)
    complain(row, 'aliases', long, 'cellTooLong', { length: long.length, limit: longestText })
  return [...new Set(names)]
}

function readPrefixes(row: Row): MemberPrefix[] {
  const role = read(row, 'role', roleReader(row)) ?? 'owner'
  const label = shortText(row, 'label')
  const items = cellOf(row, 'prefixes').items ?? [
    { prefix: textOf(row, 'prefixes', longestCell), role: '', label: '' },
  ]
  const found = new Map<string, MemberPrefix>()
  for (const item of items) {
    const own = ownRole(row, item.role)
    for (const entry of entriesOf(item.prefix)) {
      addPrefix(row, entry, { role: own ?? role, label: item.label || label }, found)
    }
  }
  return [...found.values()]
}

function roleReader(row: Row) {
  return named(roleNamed, 'role', { allowed: allowedWords(roleWords, row.faults.lang) })
}

function ownRole(row: Row, text: string): NetworkRole | null {
  if (text === '') return null
  const role = roleReader(row)(text)
  if (role.ok) return role.value
  complain(row, 'prefixes', text, role.sentence, role.values)
  return null
}

function addPrefix(
  row: Row,
  entry: string,
  more: Omit<MemberPrefix, 'net'>,
  found: Map<string, MemberPrefix>,
) {
  const prefix = readPrefix(entry)
  if (!prefix.ok) {
    complain(row, 'prefixes', entry, prefix.sentence, prefix.values)
    return
  }
  const place = { line: row.raw.line, column: row.titles.get('prefixes') ?? 'prefixes', value: entry }
  if (found.has(prefix.value.text)) remark(row.faults, place, 'repeated')
  else found.set(prefix.value.text, { net: prefix.value, ...more })
  if (isPrivate(prefix.value)) remark(row.faults, place, 'privateRange')
}

function readDomains(row: Row): string[] {
  const found = new Set<string>()
  for (const entry of textOf(row, 'domains', longestCell).split(/[\s,;]+/)) {
    if (entry === '') continue
    const domain = readDomain(entry)
    if (!domain.ok) complain(row, 'domains', entry, domain.sentence)
    else if (found.has(domain.value)) {
      remark(
        row.faults,
        { line: row.raw.line, column: row.titles.get('domains') ?? 'domains', value: entry },
        'repeated',
      )
    } else found.add(domain.value)
  }
  return [...found]
}
