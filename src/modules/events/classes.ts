/**
 * What happened, in one word: `attempt-login-ssh`. A class is a category in lower case plus the service it was aimed at.
 * Both tables are content: `content/categories.json` and `content/services.json`.
 */
import { readContent } from '../../platform/content.ts'
import { type SeverityLevel, type SeverityName, severities } from './event.ts'

type Lang = 'cs' | 'en'
/** Column of the severity table: the member is attacked (`t`), or its host is the source (`s`). */
export type Column = 't' | 's'

export interface Category {
  category: string
  rsit: string
  cs: string
  en: string
  t: SeverityName
  s: SeverityName
  /** Start severity as a number, by column. */
  levels: Record<Column, SeverityLevel>
  /** Lower case with hyphens. */
  slug: string
  top: string
}

interface Service {
  service: string
  cs: string
  en: string
  protos: string[]
  ports: number[]
  words: string[]
}

interface ServiceTable {
  version: number
  refined: Record<string, 'Source' | 'Target'>
  services: Service[]
}

const serviceTable = readContent('services.json') as ServiceTable
/** All known categories in the order of the format's map. */
export const categories: readonly Category[] = (
  readContent('categories.json') as { categories: Omit<Category, 'levels' | 'slug' | 'top'>[] }
).categories.map((row) => ({
  ...row,
  levels: { t: levelOf(row.t), s: levelOf(row.s) },
  slug: row.category.toLowerCase().replace('.', '-'),
  top: row.category.split('.', 1)[0] ?? row.category,
}))

const byName = new Map(categories.map((row) => [row.category, row]))
const bySlug = new Map(categories.map((row) => [row.slug, row]))
const other = known('Other')
const services = new Map(serviceTable.services.map((row) => [row.service, row]))
const byProto = new Map(
  serviceTable.services.flatMap((row) => row.protos.map((proto) => [proto, row.service])),
)
const byPort = new Map(serviceTable.services.flatMap((row) => row.ports.map((port) => [port, row.service])))
const byWord = new Map(serviceTable.services.flatMap((row) => row.words.map((word) => [word, row.service])))
const anyWord = new RegExp(`(?<![a-z0-9-])(?:${[...byWord.keys()].join('|')})(?![a-z0-9])`, 'i')

/** The number of a severity's name: 0 info … 4 critical. */
export function levelOf(name: SeverityName): SeverityLevel {
  return severities.indexOf(name) as SeverityLevel
}

/** Is this name in the map, letter for letter? */
export function isKnownCategory(name: string): boolean {
  return byName.has(name)
}

/** The map's entry of a category; an unknown sub-category counts as its top part, an unknown top part as Other. */
export function resolveCategory(name: string): Category {
  const exact = byName.get(name)
  if (exact) return exact
  const dot = name.indexOf('.')
  return (dot > 0 && byName.get(name.slice(0, dot))) || other
}

/** The most severe category of that column, the earlier one on a tie; Test only when there is nothing else. */
export function primaryOf(names: readonly string[], column: Column): Category {
  let best: Category | null = null
  for (const name of names) {
    const entry = resolveCategory(name)
    if (entry.category === 'Test') continue
    if (best === null || entry.levels[column] > best.levels[column]) best = entry
  }
  if (best) return best
  return names.length > 0 ? known('Test') : other
}

/** What the refinement reads: the end that offers the service, and the detector's own words. */
export interface Clues {
  sourceProtos: readonly string[]
  targetProtos: readonly string[]
  sourcePorts: readonly number[]
  targetPorts: readonly number[]
  text: string
}

/** Name of the class without side suffix, refined by protocol, else port, else the words of the signature. */
export function classOf(category: Category, clues: Clues): string {
  const end = serviceTable.refined[category.top]
  if (!end) return category.slug
  const service = serviceOf(clues, end)
  return service === null ? category.slug : `${category.slug}-${service}`
}

/** Category top part and service: what different detectors call differently but belongs together (`attempt-ssh`). */
export function familyOf(baseClass: string): string {
  const { category, service } = readClass(baseClass)
  const top = category.top.toLowerCase()
  return service === null ? top : `${top}-${service.service}`
}

/** Short name for people, such as "Hádání hesel: SSH". A side suffix is allowed and not named. */
export function describeClass(baseClass: string, lang: Lang): string {
  const { category, service } = readClass(baseClass)
  return service === null ? category[lang] : `${category[lang]}: ${service[lang]}`
}

/** May the map itself call this class critical, on either side? Decides how soon an episode ends. */
export function canBeCritical(baseClass: string): boolean {
  const { levels } = readClass(baseClass).category
  return levels.t === 4 || levels.s === 4
}

/** The class' map entry, for filters and severity: `attempt-login-ssh` is of Attempt.Login. */
export function categoryOfClass(baseClass: string): Category {
  return readClass(baseClass).category
}

export interface RsitHints {
  /** A source of type Malware with a URL: the host spreads it. */
  spreadsMalware?: boolean
  /** Our host is the control server, not one of its bots. */
  ownController?: boolean
  /** The open service can multiply traffic (DNS, NTP, SSDP, QOTD…). */
  amplifier?: boolean
}

/** Value in the Reference Security Incident Taxonomy. */
export function rsitOf(category: string, hints: RsitHints = {}): string {
  const entry = resolveCategory(category)
  if (entry.category === 'Malware' && hints.spreadsMalware) return 'malware-distribution'
  if (entry.category === 'Intrusion.Botnet' && hints.ownController) return 'c2-server'
  if (entry.category === 'Vulnerable.Open' && hints.amplifier) return 'ddos-amplifier'
  return entry.rsit
}

const amplifiers = new Set(['dns', 'ntp', 'ssdp', 'qotd', 'chargen', 'snmp', 'memcached', 'portmap', 'ldap'])

/** Can the class' service be misused to multiply traffic? */
export function isAmplifier(baseClass: string): boolean {
  return amplifiers.has(readClass(baseClass).service?.service ?? '')
}

function serviceOf(clues: Clues, end: 'Source' | 'Target'): string | null {
  const near = end === 'Source'
  return (
    protoService(near ? clues.sourceProtos : clues.targetProtos) ??
    protoService(near ? clues.targetProtos : clues.sourceProtos) ??
    portService(near ? clues.sourcePorts : clues.targetPorts) ??
    (near ? portService(clues.targetPorts) : null) ??
    wordService(clues.text)
  )
}

function protoService(protos: readonly string[]): string | null {
  for (const proto of protos) {
    const service = byProto.get(proto)
    if (service) return service
  }
  return null
}

/** Several ports count only if all of them mean one service: a scan of everything is a scan of nothing in particular. */
function portService(ports: readonly number[]): string | null {
  let found: string | null = null
  for (const port of ports) {
    const service = byPort.get(port)
    if (!service || (found !== null && found !== service)) return null
    found = service
  }
  return found
}

function wordService(text: string): string | null {
  if (text === '') return null
  const word = anyWord.exec(text.length > 300 ? text.slice(0, 300) : text)?.[0]
  return word === undefined ? null : (byWord.get(word.toLowerCase()) ?? null)
}

interface ReadClass {
  category: Category
  service: Service | null
}

/** Class names are few; what is asked with made-up ones must not fill the memory. */
const readClasses = new Map<string, ReadClass>()
const mostRead = 2_000

function readClass(text: string): ReadClass {
  let read = readClasses.get(text)
  if (!read) {
    read = splitClass(text)
    if (readClasses.size < mostRead) readClasses.set(text, read)
  }
  return read
}

function splitClass(text: string): ReadClass {
  const base = text.replace(/-(?:target|internal)$/, '')
  const plain = bySlug.get(base)
  if (plain) return { category: plain, service: null }
  const cut = base.lastIndexOf('-')
  const category = bySlug.get(base.slice(0, cut))
  return { category: category ?? other, service: (category && services.get(base.slice(cut + 1))) ?? null }
}

function known(name: string): Category {
  const entry = byName.get(name)
  if (!entry) throw new Error(`content/categories.json lacks ${name}`)
  return entry
}
