/** From a valid message to what the pipeline counts and matches. Pure: the same message and context give the same. */
import { parseTlp, tlps } from '../../values/tlp.ts'
import { type Category, classOf, isKnownCategory, primaryOf } from './classes.ts'
import { clean, type ReadEnd, readEnds, sourceKeys, strings } from './ends.ts'
import {
  type Derived,
  type Idea,
  type SeverityLevel,
  type SeverityName,
  severities,
  type VerdictCode,
} from './event.ts'
import { hasZone, timestampMs, timestampPattern } from './timestamp.ts'
import { readVerdict } from './verdict.ts'

export interface DeriveContext {
  receivedMs: number
  /** Name of the sensor that sent it: the detector when the event names none. */
  sensorName: string
  /** What the coordinator set for a sensor that never tells the verdict. */
  defaultVerdict?: VerdictCode
  /** May this sensor mark an event of that time as one of that exercise? Without an answer it may not. */
  mayExercise?: (exercise: string, atMs: number) => boolean
}

const hourMs = 3_600_000
const aheadMs = 10 * 60_000
const archiveMs = 30 * 24 * hourMs
/** Clocks that were never set show 1970 (or earlier). */
const firstRealMs = Date.UTC(1971, 0, 1)
/** No counter of one event is believed beyond this; sums must stay exact. */
const mostWeight = 1e12
const mostPorts = 64

/**
 * Derives everything at once; expects a message that passed `validate`, but no JSON object makes it throw. DetectTime
 * is replaced by the receipt when it is of 1970 or more than ten minutes ahead (marks `no-time`, `future`).
 */
export function derive(idea: Idea, ctx: DeriveContext): Derived {
  const quality: string[] = []
  const times = readTimes(idea, ctx.receivedMs, quality)
  const sources = readEnds(idea.Source)
  const targets = readEnds(idea.Target)
  const categories = readCategories(idea, quality)
  const classes = readClasses(idea, categories, sources, targets)
  const { verdict, shareMicro, carrier } = readVerdict(idea, ctx.defaultVerdict)
  const { lane, exercise } = readLane(idea, categories, times.detectedMs, ctx, quality)
  if (sources.some(badPorts) || targets.some(badPorts)) quality.push('bad-port')
  const { ID: id, Confidence: confidence } = idea
  return {
    id: typeof id === 'string' ? id : '',
    ...times,
    lane,
    exercise,
    quality,
    ...readDetector(idea, ctx.sensorName),
    categories,
    ...classes,
    weight: readWeight(idea, quality),
    verdict,
    shareMicro,
    verdictCarrier: carrier,
    keys: sourceKeys(sources),
    sources,
    targets,
    ports: distinctPorts(targets),
    protos: distinctProtos(sources, targets),
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : null,
    tlp: tlpOf(idea),
  }
}

type Times = Pick<Derived, 'detectedMs' | 'occurredMs' | 'endedMs' | 'hour' | 'archive' | 'future'>

function readTimes(idea: Idea, receivedMs: number, quality: string[]): Times {
  let zoneless = false
  let wrong = false
  const read = (text: unknown) => {
    if (typeof text !== 'string' || !timestampPattern.test(text)) return Number.NaN
    if (!hasZone(text)) zoneless = true
    const ms = timestampMs(text)
    if (!(ms >= firstRealMs)) wrong = true
    return ms >= firstRealMs ? ms : Number.NaN
  }
  const said = read(idea.DetectTime)
  wrong = false
  const future = said > receivedMs + aheadMs
  const detectedMs = future || Number.isNaN(said) ? receivedMs : said
  const started = firstReal(read(idea.EventTime), read(idea.WinStartTime))
  const ceased = firstReal(read(idea.CeaseTime), read(idea.WinEndTime))
  read(idea.CreateTime)
  const occurredMs = Number.isNaN(started) ? detectedMs : started
  const endedMs = Number.isNaN(ceased) ? occurredMs : Math.max(ceased, occurredMs)
  // An adapter that put our clock or its sensor's zone in place of what the record lacked says so.
  const block = typeof idea._HSOC === 'object' ? (idea._HSOC as Idea | null) : null
  if (Number.isNaN(said) || block?.NoTime === true) quality.push('no-time')
  if (future) quality.push('future')
  if (zoneless || block?.NoZone === true) quality.push('no-zone')
  if (wrong) quality.push('bad-time')
  const hour = Math.floor(detectedMs / hourMs)
  return { detectedMs, occurredMs, endedMs, hour, archive: detectedMs < receivedMs - archiveMs, future }
}

function firstReal(a: number, b: number): number {
  return Number.isNaN(a) ? b : a
}

function readCategories(idea: Idea, quality: string[]): readonly string[] {
  const categories = strings(idea.Category)
  if (categories.length === 0) quality.push('no-category')
  if (!categories.every(isKnownCategory)) quality.push('unknown-category')
  return categories
}

type Classes = Pick<Derived, 'targetClass' | 'sourceClass' | 'targetSeverity' | 'sourceSeverity'>

function readClasses(
  idea: Idea,
  categories: readonly string[],
  sources: ReadEnd[],
  targets: ReadEnd[],
): Classes {
  const asTarget = primaryOf(categories, 't')
  const asSource = primaryOf(categories, 's')
  const { Description: text } = idea
  const clues = {
    sourceProtos: gathered(sources, protosOf),
    targetProtos: gathered(targets, protosOf),
    sourcePorts: gathered(sources, portsOf),
    targetPorts: gathered(targets, portsOf),
    text: typeof text === 'string' ? text : '',
  }
  const targetClass = classOf(asTarget, clues)
  return {
    targetClass,
    sourceClass: asSource === asTarget ? targetClass : classOf(asSource, clues),
    ...readSeverities(idea, asTarget, asSource),
  }
}

/** The category's own severities, unless the sender graded the event: ours, Mentat's or CESNET's block says how. */
function readSeverities(
  idea: Idea,
  asTarget: Category,
  asSource: Category,
): Omit<Classes, 'targetClass' | 'sourceClass'> {
  const levels = { targetSeverity: asTarget.levels.t, sourceSeverity: asSource.levels.s }
  for (const name of ['_HSOC', '_Mentat', '_CESNET']) {
    const block = idea[name]
    if (typeof block !== 'object' || block === null) continue
    const { EventSeverity: event, Severity: own, TargetSeverity: target } = block as Idea
    const said = severityOf(event) ?? severityOf(own)
    const saidOfTarget = severityOf(target) ?? said
    if (saidOfTarget === null) continue
    return { targetSeverity: saidOfTarget, sourceSeverity: said ?? levels.sourceSeverity }
  }
  return levels
}

function severityOf(word: unknown): SeverityLevel | null {
  if (typeof word !== 'string') return null
  const level = severities.indexOf(word.toLowerCase() as SeverityName)
  return level < 0 ? null : (level as SeverityLevel)
}

function readLane(
  idea: Idea,
  categories: readonly string[],
  atMs: number,
  ctx: DeriveContext,
  quality: string[],
): Pick<Derived, 'lane' | 'exercise'> {
  const block = idea._HSOC
  const label = typeof block === 'object' && block !== null ? (block as Idea).Exercise : undefined
  const exercise = typeof label === 'string' || typeof label === 'number' ? clean(String(label)) : ''
  const played = exercise !== '' && ctx.mayExercise?.(exercise, atMs) === true
  if (exercise !== '' && !played) quality.push('exercise-refused')
  if (categories.some((name) => name === 'Test' || name.startsWith('Test.')))
    return { lane: 'test', exercise: null }
  if (played) return { lane: 'exercise', exercise }
  return { lane: 'real', exercise: null }
}

/** The detector is the last node; a name without a realm is only unique within its sensor. */
function readDetector(idea: Idea, sensorName: string): Pick<Derived, 'detector' | 'tags'> {
  const { Node: nodes, Type: types } = idea
  const sensor = sensorName.toLowerCase()
  let detector = sensor
  const tags: string[] = []
  for (const node of Array.isArray(nodes) ? nodes : []) {
    if (typeof node !== 'object' || node === null) continue
    const { Name: name, Type: nodeTypes, Tags: nodeTags } = node as Idea
    detector = typeof name === 'string' && name !== '' ? clean(name.toLowerCase()) : sensor
    addTags(tags, nodeTypes)
    addTags(tags, nodeTags)
  }
  addTags(tags, types)
  if (detector !== sensor && !detector.includes('.')) detector = `${sensor}.${detector}`
  return { detector, tags }
}

const mostTags = 64

function addTags(tags: string[], more: unknown): void {
  if (more === undefined) return
  for (const tag of strings(more)) {
    if (tags.length < mostTags && /^[a-zA-Z0-9_-]{1,64}$/.test(tag) && !tags.includes(tag)) tags.push(tag)
  }
}

const counters = ['ConnCount', 'FlowCount', 'PacketCount', 'ByteCount'] as const

/** Connections, else half the one-way flows; at least one. A negative counter counts as absent. */
function readWeight(idea: Idea, quality: string[]): number {
  for (const name of counters) {
    const count = idea[name]
    if (typeof count === 'number' && count < 0) {
      quality.push('bad-count')
      break
    }
  }
  const { ConnCount: connections, FlowCount: flows } = idea
  let weight = 1
  if (isCount(connections)) weight = connections
  else if (isCount(flows)) weight = Math.ceil(flows / 2)
  return Math.min(Math.max(weight, 1), mostWeight)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isInteger(value)
}

function distinctPorts(targets: ReadEnd[]): number[] {
  const only = targets.length === 1 ? targets[0]?.ports : undefined
  if (only && only.length < 2) return only
  const ports = new Set(gathered(targets, portsOf))
  return [...ports].sort((a, b) => a - b).slice(0, mostPorts)
}

function distinctProtos(sources: ReadEnd[], targets: ReadEnd[]): string[] {
  const protos: string[] = []
  for (const ends of [sources, targets]) {
    for (const end of ends) {
      for (const proto of end.protos)
        if (protos.length < mostTags && !protos.includes(proto)) protos.push(proto)
    }
  }
  return protos
}

/** The strictest label found: ours, or a key TLP in any spelling. Without one, and for an unknown one, AMBER. */
export function tlpOf(idea: Idea): Derived['tlp'] {
  const block = idea._HSOC
  let found: number = tlps.length
  const read = (label: unknown) => {
    const tlp = typeof label === 'string' && label.length < 40 ? parseTlp(label) : null
    found = Math.min(found, tlps.indexOf(tlp ?? 'AMBER'))
  }
  for (const key in idea) if (key.length === 3 && key.toUpperCase() === 'TLP') read(idea[key])
  const own = typeof block === 'object' && block !== null ? (block as Idea).Tlp : undefined
  if (own !== undefined) read(own)
  return tlps[found] ?? 'AMBER'
}

function gathered<T>(ends: ReadEnd[], part: (end: ReadEnd) => T[]): T[] {
  const [first] = ends
  if (first === undefined) return []
  return ends.length === 1 ? part(first) : ends.flatMap(part)
}

const protosOf = (end: ReadEnd) => end.protos
const portsOf = (end: ReadEnd) => end.ports
const badPorts = (end: ReadEnd) => end.badPorts
