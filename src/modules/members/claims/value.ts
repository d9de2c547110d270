/** What somebody claims, as they typed it: prefixes, ranges, domains and AS numbers in their one canonical form. */
import { domainToUnicode } from 'node:url'
import { isPrivate, isSpecial, type Net } from '../../../values/address.ts'
import { entriesOf, readDomain, readPrefix } from '../import/values.ts'

export const kinds = ['prefix', 'range', 'domain', 'as'] as const
export type Kind = (typeof kinds)[number]

/** Canonical: CIDR, one address or from-to; lower-case ASCII of a domain; `AS64500`. */
export type Value =
  | { kind: 'prefix' | 'range'; value: string; net: Net }
  | { kind: 'domain' | 'as'; value: string; net: null }

/** The last part of a key under `addresses.wrong`. */
export type Fault =
  | 'none'
  | 'many'
  | 'address'
  | 'hostBits'
  | 'reversed'
  | 'special'
  | 'private'
  | 'tooWide'
  | 'domain'
  | 'as'

export interface Read {
  values: Value[]
  /** What was typed and cannot be claimed, with why. */
  wrong: Map<string, Fault>
}

export const mostAtOnce = 100

/** Each entry once; entries are separated by blanks, lines, commas or semicolons. */
export function readValues(text: string): Read {
  const entries = [...new Set(entriesOf(text.replace(/\bAS\s+(?=\d)/gi, 'AS')))]
  if (entries.length === 0) return { values: [], wrong: new Map([['', 'none']]) }
  if (entries.length > mostAtOnce) return { values: [], wrong: new Map([['', 'many']]) }
  const found = new Map<string, Value>()
  const wrong = new Map<string, Fault>()
  for (const entry of entries) {
    const read = readOne(entry)
    if (typeof read === 'string') wrong.set(entry.slice(0, 100), read)
    else found.set(read.value, read)
  }
  return { values: [...found.values()], wrong }
}

const readOne = (entry: string): Value | Fault => {
  if (/^AS\d/i.test(entry)) return readAs(entry)
  if (/^[\d.:/-]+$/.test(entry) || entry.includes(':')) return readNet(entry)
  const domain = readDomain(entry)
  return domain.ok ? { kind: 'domain', value: domain.value, net: null } : 'domain'
}

/** RFC 7607, 7300: 0 and the last numbers of 16 and 32 bits are nobody's; RFC 6996: private ones are everybody's; RFC 6793: AS_TRANS. */
function readAs(entry: string): Value | Fault {
  const number = /^AS(0|[1-9]\d{0,9})$/i.test(entry) ? Number(entry.slice(2)) : 0
  const isNobodys = number === 0 || number === 23_456 || number === 65_535 || number > 4_294_967_294
  const isPrivateUse = (number >= 64_512 && number <= 65_534) || number >= 4_200_000_000
  if (isNobodys) return 'as'
  return isPrivateUse ? 'private' : { kind: 'as', value: `AS${number}`, net: null }
}

const addressFaults = new Set<string>(['hostBits', 'reversed', 'special', 'tooWide'])

function readNet(entry: string): Value | Fault {
  const read = readPrefix(entry)
  // Every sentence that is not of the set says that this is no address at all.
  if (!read.ok) return addressFaults.has(read.sentence) ? (read.sentence as Fault) : 'address'
  const net = read.value
  if (isSpecial(net)) return 'special'
  if (isPrivate(net)) return 'private'
  return { kind: net.text.includes('-') ? 'range' : 'prefix', value: net.text, net }
}

/** A domain as people read it, or null when that is how it is written. */
export function unicodeOf(domain: string): string | null {
  if (!/(^|\.)xn--/.test(domain)) return null
  const unicode = domainToUnicode(domain)
  return unicode === '' || unicode === domain ? null : unicode
}

/** Letters outside of the Latin script: the name may look like another one. */
export const isForeign = (domain: string): boolean =>
  /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(unicodeOf(domain) ?? '')

/** Cyrillic and Greek letters, and figures, that an eye takes for Latin letters. After Unicode TS 39, as far as names of hospitals need it. */
const twins: Record<string, string> = Object.fromEntries(
  [
    ['аαạ', 'a'],
    ['ьв', 'b'],
    ['сϲ', 'c'],
    ['ԁ', 'd'],
    ['еєε', 'e'],
    ['ɡ', 'g'],
    ['һн', 'h'],
    ['іїιı1l|', 'i'],
    ['ј', 'j'],
    ['кκ', 'k'],
    ['м', 'm'],
    ['пη', 'n'],
    ['оοσо0', 'o'],
    ['рρ', 'p'],
    ['ԛ', 'q'],
    ['г', 'r'],
    ['ѕ', 's'],
    ['тτ', 't'],
    ['υц', 'u'],
    ['νѵ', 'v'],
    ['ѡω', 'w'],
    ['хχ', 'x'],
    ['уγү', 'y'],
  ].flatMap(([from = '', to = '']) => [...from].map((letter) => [letter, to])),
)

/** What a hurried eye makes of a domain: two with the same answer look alike. */
export const looksOf = (domain: string): string =>
  [...(unicodeOf(domain) ?? domain).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()]
    .map((letter) => twins[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
