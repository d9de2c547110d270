/**
 * Is this an event? `validate` answers as strictly as the format is written, naming every fault; `repair` is the
 * lenient switch of a sensor whose program cannot be changed.
 */
import type { Idea } from './event.ts'
import { eventShape, idType, type Key, mandatory, relationKeys, type Shape, uriType } from './idea-shape.ts'
import { timestampMs } from './timestamp.ts'

/** One fault: where (`Target/0/Port`, empty for the event itself), the JSON found there (cut), what belongs there. */
export interface Violation {
  key: string
  value: string
  expected: string
}

export const limits = { depth: 32, addresses: 10_000, id: 256, violations: 100, value: 200 } as const

type Path = readonly (string | number)[]
interface Fault {
  path: Path
  value: unknown
  expected: string
}

/**
 * All faults of an event, fewer path parts first, then by name; empty when it is right. At most 100 are listed.
 * Never throws, whatever JSON.parse can produce.
 */
export function validate(idea: unknown): Violation[] {
  if (!isObject(idea)) return listed([{ path: [], value: idea, expected: 'JSON object' }])
  const faults: Fault[] = []
  for (const key of mandatory) {
    if (!Object.hasOwn(idea, key)) faults.push({ path: [], value: idea, expected: `${key} is required` })
  }
  const { ID: id, DetectTime: detected } = idea
  if (typeof id === 'string' && id.length > limits.id && idType.ok(id)) {
    faults.push({ path: ['ID'], value: id, expected: `at most ${limits.id} characters` })
  }
  if (typeof detected === 'string' && isNoTime(detected)) {
    faults.push({ path: ['DetectTime'], value: detected, expected: 'a real date and time' })
  }
  countAddresses(idea, faults)
  checkObject(idea, eventShape, [], faults)
  return faults.length === 0 ? none : listed(faults)
}

const none: Violation[] = []

/**
 * A copy of the event with the known slips of real senders put right: scalars for arrays, Confidence as text or per
 * cent, underscores in URI schemes, relations as text. Each repair is named by kind and place (`array Target/0/Port`);
 * with none the event itself comes back. Validate the result: other faults stay.
 */
export function repair(idea: unknown): { idea: unknown; repairs: string[] } {
  const repairs: string[] = []
  if (!isObject(idea)) return { idea, repairs }
  const fixed = repairObject(idea, eventShape, '', repairs)
  repairConfidence(fixed, repairs)
  for (const key of relationKeys) repairRelation(fixed, key, repairs)
  return repairs.length === 0 ? { idea, repairs } : { idea: fixed, repairs }
}

/** `path` is where `value` stands; it is the same again at the end. */
function checkObject(value: Idea, shape: Shape, path: (string | number)[], faults: Fault[]): void {
  for (const name in value) {
    const key = shape.get(name)
    const held = value[name]
    if (key) checkKey(held, key, name, path, faults)
    else if (typeof held === 'object' && held !== null && isTooDeep(held, limits.depth - 1 - path.length)) {
      note(faults, { path: [...path, name], value: undefined, expected: 'too deep' })
    }
  }
}

function checkKey(value: unknown, key: Key, name: string, path: (string | number)[], faults: Fault[]): void {
  const { type, many, inner } = key
  if (!many) {
    if (!type.ok(value)) note(faults, { path: [...path, name], value, expected: type.name })
    return
  }
  if (!Array.isArray(value)) {
    const expected = name === 'Category' ? type.name : `array of ${type.name}`
    note(faults, { path: [...path, name], value, expected })
    return
  }
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i]
    if (!type.ok(item)) {
      note(faults, { path: [...path, name, i], value: item, expected: type.name })
    } else if (inner) {
      path.push(name, i)
      checkObject(item as Idea, inner, path, faults)
      path.length -= 2
    }
  }
}

/** Stops collecting at the limit: one event can hold millions of faults. */
function note(faults: Fault[], fault: Fault): void {
  if (faults.length < limits.violations) faults.push(fault)
}

function isNoTime(text: string): boolean {
  const key = eventShape.get('DetectTime')
  return key?.type.ok(text) === true && Number.isNaN(timestampMs(text))
}

/** Are there more than `left` containers inside one another? Goes no deeper than it must. */
function isTooDeep(value: object, left: number): boolean {
  if (left <= 0) return true
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && isTooDeep(inner, left - 1)) return true
  }
  return false
}

function countAddresses(idea: Idea, faults: Fault[]): void {
  let count = 0
  for (const side of ['Source', 'Target'] as const) {
    const ends = idea[side]
    if (!Array.isArray(ends)) continue
    for (let i = 0; i < ends.length; i++) {
      const end: unknown = ends[i]
      if (!isObject(end)) continue
      for (const name of ['IP4', 'IP6', 'IP'] as const) {
        const list = end[name]
        if (!Array.isArray(list)) continue
        const before = count
        count += list.length
        if (before <= limits.addresses && count > limits.addresses) {
          faults.push({ path: [side, i, name], value: undefined, expected: 'too many' })
        }
      }
    }
  }
}

function listed(faults: Fault[]): Violation[] {
  return faults
    .sort((a, b) => a.path.length - b.path.length || comparePaths(a.path, b.path))
    .slice(0, limits.violations)
    .map(({ path, value, expected }) => ({ key: path.join('/'), value: preview(value), expected }))
}

function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? '', b[i] ?? '']
    if (x !== y) return typeof x === 'number' && typeof y === 'number' ? x - y : x < y ? -1 : 1
  }
  return 0
}

/** JSON of the value, cut; written only as far as needed, as the value may be megabytes or nested without end. */
function preview(value: unknown): string {
  return value === undefined ? '' : write(value, limits.value).slice(0, limits.value).toWellFormed()
}

function write(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > room ? value.slice(0, room) : value)
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  let text = isList ? '[' : '{'
  const first = text
  for (const name in value) {
    const left = room - text.length
    if (left <= 0) return text
    const label = isList ? '' : `${write(name, left)}:`
    text += (text === first ? '' : ',') + label + write((value as Idea)[name], left - 1)
  }
  return text + (isList ? ']' : '}')
}

function repairObject(value: Idea, shape: Shape, path: string, repairs: string[]): Idea {
  const fixed: Idea = { ...value }
  for (const [name, key] of shape) {
    if (!Object.hasOwn(value, name)) continue
    const where = path + name
    let held = value[name]
    if (key.many && !Array.isArray(held) && held !== null && !isRelation(name)) {
      held = [held]
      repairs.push(`array ${where}`)
    }
    if (key.type === uriType) held = repairUris(held, where, repairs)
    const { inner } = key
    if (inner && Array.isArray(held)) {
      held = held.map((item, i) =>
        isObject(item) ? repairObject(item, inner, `${where}/${i}/`, repairs) : item,
      )
    }
    fixed[name] = held
  }
  return fixed
}

/** A URI scheme may not hold an underscore; read as a hyphen it becomes one that may stand. */
function repairUris(value: unknown, where: string, repairs: string[]): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item: unknown, i) => {
    const scheme =
      typeof item === 'string' ? /^[a-zA-Z][a-zA-Z0-9+.-]*_[a-zA-Z0-9+._-]*(?=:)/.exec(item)?.[0] : null
    if (!scheme || typeof item !== 'string') return item
    repairs.push(`scheme ${where}/${i}`)
    return scheme.replaceAll('_', '-') + item.slice(scheme.length)
  })
}

function repairConfidence(idea: Idea, repairs: string[]): void {
  const { Confidence: given } = idea
  const isText = typeof given === 'string' && /^[0-9]{1,3}(?:\.[0-9]{1,20})?$/.test(given.trim())
  const number = isText ? Number(given) : given
  if (isText) repairs.push('text Confidence')
  if (typeof number !== 'number') return
  const isPercent = number > 1 && number <= 100
  if (isPercent) repairs.push('percent Confidence')
  idea.Confidence = isPercent ? number / 100 : number
}

/** Relations written as text are wrapped; what is no ID stays findable as an alternative name. */
function repairRelation(idea: Idea, key: string, repairs: string[]): void {
  const given = idea[key]
  const items: unknown[] = Array.isArray(given) ? given : [given]
  const strange = items.filter((item) => typeof item === 'string' && !idType.ok(item))
  if (typeof given !== 'string' && strange.length === 0) return
  repairs.push(`relation ${key}`)
  idea[key] = items.filter((item) => !strange.includes(item))
  if (strange.length === 0) return
  const { AltNames: names } = idea
  idea.AltNames = [...(Array.isArray(names) ? names : []), ...strange]
}

function isRelation(name: string): boolean {
  return relationKeys.some((key) => key === name)
}

function isObject(value: unknown): value is Idea {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
