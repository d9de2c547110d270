/**
 * Records of honeypots, log watchers and simple senders as IDEA events, by the profiles of `content/profiles.json`.
 * Only what a profile points at is copied; names of accounts, passwords and typed commands are pointed at by none.
 */
import { type Outcome, objectOf, type SensorFacts, textOf } from './adapter.ts'
import { hostOf, type IdeaEnd, netOf, portOf, protosOf } from './ends.ts'
import { idFor, idFrom } from './ids.ts'
import { type Condition, type Pointer, type Profile, profiles } from './profile-table.ts'
import { momentOf, momentOfMs } from './times.ts'

type ForeignRecord = Record<string, unknown>

/** Texts with which tables say that a field holds nothing. */
const nothing = new Set(['', '-', 'n/a'])
const ideaCategory = /^[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)?$/

/** Throws nothing; a profile that does not exist is an `error`. */
export function profileToIdea(name: string, value: unknown, sensor: SensorFacts): Outcome {
  const profile = profiles().byName.get(name)
  if (!profile) return { error: `no profile ${name}` }
  const record = objectOf(value)
  if (!record) return { error: 'not a JSON object' }
  const category = categoryOf(profile, record)
  if (typeof category !== 'string') return category
  const source = endOf(record, profile.source)
  if (source === null) return { error: 'the source is missing or no address, range or host name' }
  const target = endOf(record, profile.target)
  const count = countOf(profile, record)
  if (count === null) return { error: 'the count is not a whole number above 0' }
  return { idea: ideaOf(profile, record, { category, source, target, count }, sensor) }
}

interface Read {
  category: string
  source: IdeaEnd
  target: IdeaEnd | null
  count: number | undefined
}

function ideaOf(profile: Profile, record: ForeignRecord, read: Read, sensor: SensorFacts) {
  const detected = momentOf(first(record, profile.time.at), sensor.zone, profile.time.format)
  const began = momentOf(first(record, profile.began), sensor.zone)
  const proto = protosIn(profile, record)
  const Proto = proto.length > 0 ? { Proto: proto } : {}
  const rule = textOf(first(record, profile.rule), 200)
  const note = textOf(first(record, profile.note))
  const description = [profile.description, rule ?? proto[0]].filter(Boolean).join(': ')
  return {
    Format: 'IDEA0',
    ID: idOf(profile, record, detected?.text, rule, sensor),
    DetectTime: (detected ?? momentOfMs(sensor.receivedMs)).text,
    ...(began && detected && began.micros <= detected.micros ? { EventTime: began.text } : {}),
    Category: [read.category],
    ...(description ? { Description: description } : {}),
    ...(note ? { Note: note } : {}),
    ...(read.count === undefined ? {} : { ConnCount: read.count }),
    Source: [{ ...read.source, ...Proto }],
    ...(read.target ? { Target: [{ ...read.target, ...Proto }] } : {}),
    Node: [nodeOf(profile, record, sensor)],
    _HSOC: {
      Verdict: verdictOf(profile, record),
      ...(rule ? { Rule: rule } : {}),
      ...(detected === null ? { NoTime: true } : detected.zoned ? {} : { NoZone: true }),
    },
  }
}

function idOf(
  profile: Profile,
  record: ForeignRecord,
  time: string | undefined,
  rule: string | null,
  sensor: SensorFacts,
): string {
  const own = first(record, profile.id)
  if (typeof own === 'number' || (typeof own === 'string' && own.length <= 1000))
    return idFrom(sensor.name, String(own))
  const { source, target } = profile
  const ends = [source.address, source.port, target.address, target.port].map((places) =>
    first(record, places),
  )
  return idFor([sensor.name, time ?? first(record, profile.time.at), ...ends, rule], record)
}

/** Null when no address, range or host name is there; a target may then still have its port. */
function endOf(record: ForeignRecord, { address, port }: Profile['source']): IdeaEnd | null {
  const value = first(record, address)
  const host = hostOf(value)
  const end = netOf(value) ?? (host ? { Hostname: [host] } : null)
  const number = portOf(first(record, port))
  return end && number !== null ? { ...end, Port: [number] } : end
}

function protosIn({ proto }: Profile, record: ForeignRecord): string[] {
  const read = proto.all ? proto.at.map((place) => at(record, place)) : [first(record, proto.at)]
  const names = read.flatMap((value) =>
    typeof value === 'string' ? value.slice(0, 200).split(/[\s,;/]+/) : [],
  )
  const known = names.map((name) => proto.rename[name.toLowerCase()] ?? name)
  return protosOf(...proto.fixed, ...known)
}

/** Undefined when the record has none, null when what it has is no count. */
function countOf(profile: Profile, record: ForeignRecord): number | null | undefined {
  const value = first(record, profile.count)
  if (value === undefined) return profile.connections
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : null
}

function categoryOf(
  { category }: Profile,
  record: ForeignRecord,
): string | { skip: string } | { error: string } {
  const written = category.from ? textOf(at(record, category.from), 100) : null
  if (written && !nothing.has(written.toLowerCase())) {
    return ideaCategory.test(written) ? written : { error: 'category is no IDEA category' }
  }
  const rule = category.rules.find((one) => !one.if || holds(one.if, at(record, one.if.at)))
  if (rule) return rule.give ?? { skip: 'context' }
  return category.otherwise === null ? { skip: 'context' } : { error: category.otherwise }
}

function holds(condition: Condition, value: unknown): boolean {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  const { above, is, starts, has, present } = condition
  if (above !== undefined) return sizeOf(value) > above
  if (is) return is.some((word) => text === word.toLowerCase())
  if (starts) return starts.some((word) => text.startsWith(word.toLowerCase()))
  if (has) return has.some((word) => text.includes(word.toLowerCase()))
  return present === true && value !== undefined && value !== null && value !== ''
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value
  return Array.isArray(value) || typeof value === 'string' ? value.length : 0
}

/** True and false answer "was it blocked?"; of a list the first known word counts. */
function verdictOf(profile: Profile, record: ForeignRecord): string {
  const value = first(record, profile.verdict)
  if (typeof value === 'boolean') return value ? 'dropped' : 'passed'
  const words = (Array.isArray(value) ? value.slice(0, 20) : [value]).filter(
    (word) => typeof word === 'string',
  )
  const known = words.map((word) => profiles().verdictOf.get(word.trim().toLowerCase())).find(Boolean)
  return known ?? profile.defaultVerdict
}

function nodeOf(profile: Profile, record: ForeignRecord, sensor: SensorFacts) {
  const host = textOf(first(record, profile.host), 200)
  return {
    Name: sensor.name,
    Type: profile.node,
    ...(profile.software ? { SW: [profile.software] } : {}),
    ...(host ? { Note: `host ${host}` } : {}),
  }
}

/** The value at the first place that holds something. */
function first(record: ForeignRecord, places: Pointer[]): unknown {
  for (const place of places) {
    const value = at(record, place)
    const empty =
      value === undefined ||
      value === null ||
      (typeof value === 'string' && nothing.has(value.trim().toLowerCase()))
    if (!empty) return value
  }
  return undefined
}

function at(record: ForeignRecord, place: Pointer): unknown {
  let value: unknown = record
  for (const step of place) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step] // own property, tested before
  }
  return value
}
