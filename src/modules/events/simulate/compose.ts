/** Writes one message in IDEA0 from a strand, as a perimeter relay or a member's own detector would. */
import type { Idea } from '../event.ts'
import { isoText } from './clock-text.ts'
import type { Random } from './random.ts'
import type { Origin, Strand, TargetGroup } from './strand.ts'

export interface Writing {
  size: 'full' | 'small'
  random: Random
}

/** Perimeters with an even number tell drops by counters, the others by `_HSOC.Verdict` (spec of the verdict carriers). */
const countsDrops = (sensor: string) => /perimetr\d*[02468]$/.test(sensor)

/** The message of this strand at this time from this sensor; `group` holds the possible targets. */
export function compose(
  strand: Strand,
  group: TargetGroup | null,
  atMs: number,
  sensor: string,
  writing: Writing,
): Idea {
  const { random } = writing
  const full = writing.size === 'full'
  const { topic } = strand
  const targets = group ? targetsOf(strand, group, random) : []
  const flows = Math.max(targets.length, random.between(topic.flows[0], topic.flows[1]))
  const packets = flows * random.between(1, 4)
  const windowMs = atMs - random.between(500, 9000)
  const event: Idea = {
    Format: 'IDEA0',
    ID: idText(random),
    CreateTime: isoText(atMs + random.between(200, 3000), 'seconds'),
    DetectTime: isoText(atMs),
    WinStartTime: isoText(windowMs - random.between(50_000, 290_000), 'seconds'),
    WinEndTime: isoText(windowMs, 'seconds'),
    Category: [topic.category],
    Confidence: topic.confidence,
    FlowCount: flows,
    PacketCount: packets,
    ByteCount: packets * random.between(44, 380),
    Source: strand.origins.map((o) => sourceOf(o, strand, full, random)),
    Node: nodesOf(sensor, strand, full),
  }
  if (topic.detector !== 'flow') event.ConnCount = Math.ceil(flows / 2)
  if (targets.length > 0) event.Target = [targetOf(strand, targets, flows, full)]
  tellVerdict(event, strand, flows, sensor)
  if (full) describe(event, strand, targets, flows, random)
  return event
}

function targetsOf(strand: Strand, group: TargetGroup, random: Random): readonly string[] {
  const { hosts } = group
  if (strand.inOrder) return [hosts[strand.cursor++ % hosts.length] ?? '']
  const n = Math.min(hosts.length, strand.spread > 1 ? random.between(1, strand.spread) : 1)
  const from = random.below(hosts.length - n + 1)
  return hosts.slice(from, from + n)
}

function sourceOf(origin: Origin, strand: Strand, full: boolean, random: Random): Record<string, unknown> {
  const source: Record<string, unknown> = { [familyOf(origin.address)]: [origin.address] }
  if (full) source.Port = [random.between(1024, 65535)]
  source.Proto = [strand.service.proto]
  if (origin.types) source.Type = origin.types
  if (origin.spoofed) source.Spoofed = true
  if (origin.hostname) source.Hostname = [origin.hostname]
  if (origin.url) source.URL = [origin.url]
  return source
}

function targetOf(
  strand: Strand,
  addresses: readonly string[],
  flows: number,
  full: boolean,
): Record<string, unknown> {
  const family = familyOf(addresses[0] ?? '')
  const target: Record<string, unknown> = {
    [family]: addresses,
    Port: [strand.service.port],
    Proto: full ? [strand.service.proto, strand.service.name] : [strand.service.proto],
  }
  if (full && flows > addresses.length) target[`${family}Count`] = Math.min(flows, addresses.length * 4)
  return target
}

const familyOf = (address: string) => (address.includes(':') ? 'IP6' : 'IP4')

const nodeTypes = {
  flow: ['Flow', 'Statistical'],
  ids: ['Network', 'Content', 'Signature'],
  log: ['Log', 'Statistical'],
} as const

function nodesOf(sensor: string, strand: Strand, full: boolean): Record<string, unknown>[] {
  if (strand.local) return [{ Name: sensor, Type: nodeTypes.ids, ...(full && { SW: ['own-ids 7.0'] }) }]
  const { detector } = strand.topic
  const last: Record<string, unknown> = { Name: `${sensor}.${detector}`, Type: nodeTypes[detector] }
  if (full) {
    last.SW = [`perimeter-${detector} 3.2`]
    last.AggrWin = '00:05:00'
  }
  return [{ Name: sensor, Type: ['Relay'] }, last]
}

function tellVerdict(event: Idea, strand: Strand, flows: number, sensor: string): void {
  const ours: Record<string, unknown> = { Rule: `sid:${strand.topic.rule}` }
  if (strand.verdict !== 'unknown') {
    if (countsDrops(sensor)) event.FlowCountDropped = droppedFlows(strand, flows)
    else ours.Verdict = strand.verdict
    if (strand.verdict === 'partial' && !countsDrops(sensor)) ours.DroppedShare = strand.share / 100
  }
  if (strand.exercise) ours.Exercise = strand.exercise
  event._HSOC = ours
}

function droppedFlows(strand: Strand, flows: number): number {
  if (strand.verdict === 'dropped') return flows
  if (strand.verdict === 'passed') return 0
  // neither nothing nor everything, whatever the rounding; a single flow cannot be half dropped
  const part = Math.min(flows - 1, Math.max(1, Math.round((flows * strand.share) / 100)))
  return Math.max(0, part)
}

/** The wordy part of a full message: description, references, a sample of the traffic. */
function describe(
  event: Idea,
  strand: Strand,
  targets: readonly string[],
  flows: number,
  random: Random,
): void {
  const { topic, service } = strand
  const from = strand.origins[0]?.address ?? ''
  const to = targets.length > 1 ? `${targets.length} listed addresses` : (targets[0] ?? 'unlisted addresses')
  event.Description = `${topic.says}, ${service.name} (${service.proto}/${service.port}): ${from} to ${to}, ${flows} flows`
  event.Ref = [`https://rules.perimeter.example/sid/${topic.rule}`, `urn:sid:${topic.rule}:${service.port}`]
  event.Note = `Five-minute aggregate by source; one-way flows.`
  const lines = strand.verdict === 'dropped' || strand.verdict === 'passed' ? random.between(0, 4) : 0
  if (lines > 0) event.Attach = [sampleOf(strand, from, targets, lines, random)]
}

function sampleOf(strand: Strand, from: string, targets: readonly string[], lines: number, random: Random) {
  const word = strand.verdict === 'dropped' ? 'Dropped' : 'Forwarded'
  let content = ''
  for (let i = 0; i < lines; i++) {
    const to = targets[i % Math.max(1, targets.length)] ?? '-'
    content += `${word}: ${strand.service.proto} ${from}:${random.between(1024, 65535)} > ${to}:${strand.service.port} `
    content += `packets ${random.between(1, 40)} bytes ${random.between(44, 9000)}\n`
  }
  return { Handle: 'sample', FileName: ['flows.txt'], ContentType: 'text/plain', Content: content }
}

const hex = Array.from({ length: 65536 }, (_, n) => n.toString(16).padStart(4, '0'))

/** Random UUID text (version 4). */
function idText(random: Random): string {
  const [a, b, c, d] = [random.word(), random.word(), random.word(), random.word()]
  const version = hex[0x4000 | ((b >>> 16) & 0x0fff)]
  const variant = hex[0x8000 | ((c >>> 16) & 0x3fff)]
  return `${hex[a >>> 16]}${hex[a & 65535]}-${hex[b & 65535]}-${version}-${variant}-${hex[c & 65535]}${hex[d >>> 16]}${hex[d & 65535]}`
}
