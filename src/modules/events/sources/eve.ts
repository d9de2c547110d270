/**
 * Suricata EVE records as IDEA events: alerts, drops without an alert and, where the sensor asks for it, anomalies.
 * Field names are those of Suricata 7; older records lack `verdict`, `direction` and the ends of `flow`.
 */
import { type Outcome, objectOf, type SensorFacts, textOf } from './adapter.ts'
import { classOfAlert, isContext } from './eve-classes.ts'
import { endsOf } from './eve-ends.ts'
import { idFor } from './ids.ts'
import { momentOf, momentOfMs } from './times.ts'

type EveRecord = Record<string, unknown>

/** What is told of an event by its type. */
interface Finding {
  category: string
  foreign: boolean
  description: string | null
  rule: string | null
  refs: string[]
  /** Keys for `_HSOC`. */
  notes: Record<string, unknown>
}

const severities: Record<number, string> = { 1: 'high', 2: 'medium', 3: 'low' }

/** One EVE record; whether a `drop` repeats an alert is told by `readRecords` (`echo`) and decided before this. */
export function eveToIdea(value: unknown, sensor: SensorFacts): Outcome {
  const record = objectOf(value)
  if (!record) return { error: 'not a JSON object' }
  const type = textOf(record.event_type)
  if (type === null) return { error: 'event_type is missing' }
  if (type === 'anomaly' && !sensor.anomalies) return { skip: 'anomaly' }
  if (type !== 'alert' && type !== 'drop' && type !== 'anomaly') {
    return { skip: isContext(type) ? 'context' : 'unknown-type' }
  }
  if (textOf(record.src_ip) === null) return { skip: 'no-address' }
  const finding = type === 'anomaly' ? ofAnomaly(record) : ofAlert(record, type)
  if (!finding) return { error: 'alert is missing' }
  const ends = endsOf(record, finding.foreign, sensor)
  if (!ends) return { error: 'src_ip or dest_ip is no address' }
  return { idea: ideaOf(record, finding, ends, sensor) }
}

function ideaOf(record: EveRecord, finding: Finding, ends: object, sensor: SensorFacts) {
  const flow = objectOf(record.flow)
  const detected = momentOf(record.timestamp, sensor.zone)
  const began = momentOf(flow?.start, sensor.zone)
  const packets = sum(flow?.pkts_toserver, flow?.pkts_toclient)
  const bytes = sum(flow?.bytes_toserver, flow?.bytes_toclient)
  const hashes = hashesOf(record)
  const { src_ip, src_port, dest_ip, dest_port } = record
  const when = detected?.text ?? record.timestamp
  return {
    Format: 'IDEA0',
    ID: idFor([sensor.name, when, src_ip, src_port, dest_ip, dest_port, finding.rule], record),
    DetectTime: (detected ?? momentOfMs(sensor.receivedMs)).text,
    // Suricata sometimes writes a start after the alert; a negative duration would be worse than none
    ...(began && detected && began.micros <= detected.micros ? { EventTime: began.text } : {}),
    Category: [finding.category],
    ...(finding.description ? { Description: finding.description } : {}),
    ...(finding.refs.length > 0 ? { Ref: finding.refs } : {}),
    ...(packets === null ? {} : { PacketCount: packets }),
    ...(bytes === null ? {} : { ByteCount: bytes }),
    ...ends,
    ...(hashes.length > 0 ? { Attach: [{ Hash: hashes }] } : {}),
    Node: [nodeOf(record, sensor)],
    _HSOC: {
      Verdict: verdictOf(record, sensor.inline),
      ...(finding.rule ? { Rule: finding.rule } : {}),
      ...finding.notes,
      ...(detected === null ? { NoTime: true } : detected.zoned ? {} : { NoZone: true }),
    },
    ...keptOf(record),
  }
}

/** An alert, or a drop with or without the alert that caused it. */
function ofAlert(record: EveRecord, type: 'alert' | 'drop'): Finding | null {
  const alert = objectOf(record.alert)
  if (!alert) return type === 'drop' ? ofBareDrop(record) : null
  const { category, foreign, known } = classOfAlert(alert.category, alert.signature)
  const [gid, sid, rev] = [alert.gid, alert.signature_id, alert.rev].map(wholeOf)
  const refs = sid === null ? [] : [`urn:suricata:${gid ?? 1}:${sid}:${rev ?? 0}`]
  const severity = wholeOf(alert.severity)
  const unlisted = known ? null : textOf(alert.category, 200)
  return {
    category,
    foreign,
    description: textOf(alert.signature),
    rule: sid === null ? null : `${gid ?? 1}:${sid}`,
    refs: [...refs, ...vulnerabilitiesOf(alert)],
    notes: {
      ...(severity === null ? {} : { Severity: severities[severity] ?? 'info' }),
      ...(unlisted ? { UnknownClass: unlisted } : {}),
    },
  }
}

function ofBareDrop(record: EveRecord): Finding {
  const reason = textOf(objectOf(record.drop)?.reason, 100)
  const description = reason ? `Dropped packet: ${reason}` : 'Dropped packet'
  return {
    category: 'Other',
    foreign: false,
    description,
    rule: reason && `drop:${reason}`,
    refs: [],
    notes: {},
  }
}

function ofAnomaly(record: EveRecord): Finding {
  const anomaly = objectOf(record.anomaly)
  const name = textOf(anomaly?.event, 200) ?? textOf(anomaly?.type, 200)
  const rule = name && `anomaly:${name}`
  return { category: 'Anomaly.Protocol', foreign: false, description: name, rule, refs: [], notes: {} }
}

/** `verdict` is the word of the engine; `alert.action` may say allowed though another rule dropped the packet. */
function verdictOf(record: EveRecord, inline: boolean): 'dropped' | 'passed' | 'unknown' {
  const verdict = objectOf(record.verdict)
  if (verdict && (verdict.action === 'drop' || verdict.reject !== undefined)) return 'dropped'
  if (verdict?.action !== undefined) {
    return ['accept', 'pass', 'alert'].includes(String(verdict.action)) ? 'passed' : 'unknown'
  }
  const action = objectOf(record.alert)?.action
  const flowDropped = objectOf(record.flow)?.action === 'drop'
  if (action === 'blocked' || record.event_type === 'drop' || flowDropped) return 'dropped'
  return action === 'allowed' && inline ? 'passed' : 'unknown'
}

const vulnerability = /CVE[-_ ]?(\d{4})[-_](\d{4,7})/gi

function vulnerabilitiesOf(alert: EveRecord): string[] {
  const listed = objectOf(alert.metadata)?.cve
  const texts = [...(Array.isArray(listed) ? listed : [listed]), alert.signature].filter(
    (one) => typeof one === 'string',
  )
  const found = texts.flatMap((text) =>
    [...text.matchAll(vulnerability)].map(([, year, n]) => `cve:CVE-${year}-${n}`),
  )
  return [...new Set(found)]
}

function hashesOf(record: EveRecord): string[] {
  const files = [record.fileinfo, ...(Array.isArray(record.files) ? record.files.slice(0, 100) : [])].map(
    objectOf,
  )
  const hashes = files.flatMap((file) => [hashOf('sha256', 64, file?.sha256), hashOf('md5', 32, file?.md5)])
  return [...new Set(hashes.filter((hash) => hash !== null))]
}

function hashOf(kind: string, digits: number, value: unknown): string | null {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value)
    ? `${kind}:${value.toLowerCase()}`
    : null
}

/** A host name in the data is a remark on the node; whose the event is was settled by the sensor's key. */
function nodeOf(record: EveRecord, sensor: SensorFacts) {
  const host = textOf(record.host, 200)
  return {
    Name: sensor.name,
    Type: ['Content', 'Signature'],
    SW: ['Suricata'],
    ...(host ? { Note: `host ${host}` } : {}),
  }
}

function keptOf(record: EveRecord) {
  const { community_id, vlan } = record
  const kept = {
    ...(typeof community_id === 'string' ? { CommunityId: textOf(community_id, 100) } : {}),
    ...(textOf(record.in_iface) ? { Interface: textOf(record.in_iface, 100) } : {}),
    ...(Array.isArray(vlan) ? { Vlan: vlan.slice(0, 4).map(wholeOf) } : {}),
  }
  return Object.keys(kept).length > 0 ? { _Suricata: kept } : {}
}

function wholeOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

function sum(first: unknown, second: unknown): number | null {
  const parts = [first, second].map(wholeOf).filter((part) => part !== null)
  const total = parts.reduce((a, b) => a + b, 0)
  return parts.length > 0 && Number.isSafeInteger(total) ? total : null
}
