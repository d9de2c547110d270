/** Foreign records in, IDEA events out: the formats of the generic door and of the command line. */
import type { Idea } from '../event.ts'
import { type Outcome, objectOf, type SensorFacts, textOf } from './adapter.ts'
import { eveToIdea } from './eve.ts'
import { idFor } from './ids.ts'
import { profiles } from './profile-table.ts'
import { profileToIdea } from './profiles.ts'

export type { Outcome, SensorFacts } from './adapter.ts'
export { type AlertMemory, newAlertMemory } from './echoes.ts'
export type { RecordItem } from './record.ts'
export { type ReadOptions, readRecords } from './records.ts'
export { eveToIdea, profileToIdea }

/** Names for `?format=` and `--format`: `idea`, `eve`, `csv` and every profile. */
export function formats(): string[] {
  return [...new Set(['idea', 'eve', 'csv', ...profiles().byName.keys()])]
}

const formatOfType: Record<string, string> = {
  'application/json': 'idea',
  'application/x-ndjson': 'idea',
  'application/ndjson': 'idea',
  'application/jsonl': 'idea',
  'application/jsonlines': 'idea',
  'application/json-seq': 'idea',
  'application/octet-stream': 'idea',
  'text/plain': 'idea',
  // what curl says of any body unless told otherwise
  'application/x-www-form-urlencoded': 'idea',
  'application/vnd.suricata.eve+json': 'eve',
  'application/x-suricata-eve': 'eve',
  'text/csv': 'csv',
  'application/csv': 'csv',
}

/**
 * The format of a request: the query decides, else the content type (also by its parameter `format` or `profile`),
 * else IDEA. Undefined when the query or the type names nothing we know.
 */
export function formatOf(
  contentType: string | undefined,
  queryFormat: string | undefined,
): string | undefined {
  if (queryFormat) return known(queryFormat)
  if (!contentType) return 'idea'
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const named = parameters
    .map((part) => /^(?:format|profile)="?([a-z0-9-]+)"?$/.exec(part)?.[1])
    .find(Boolean)
  if (named) return known(named)
  return Object.hasOwn(formatOfType, type) ? formatOfType[type] : undefined
}

function known(name: string): string | undefined {
  const wanted = name.trim().toLowerCase()
  return formats().find((format) => format === wanted)
}

/** One item of `readRecords` that has a `value`, understood as `format`. Never throws. */
export function toIdea(
  format: string,
  item: { value?: unknown; echo?: boolean },
  sensor: SensorFacts,
): Outcome {
  if (item.echo) return { skip: 'drop-of-alert' }
  if (format === 'idea') return ownIdea(item.value, sensor)
  return format === 'eve' ? eveToIdea(item.value, sensor) : profileToIdea(format, item.value, sensor)
}

/** Bodies of other readers may lack Format and ID; here, and only here, they are given ones. */
function ownIdea(value: unknown, sensor: SensorFacts): Outcome {
  const record = objectOf(value)
  if (!record) return { error: 'not a JSON object' }
  const { Format = 'IDEA0', ID = idFor([sensor.name, record.DetectTime], record), ...rest } = record
  return { idea: relay({ Format, ID, ...rest }, sensor.name) }
}

/**
 * The event with the sensor's node first, as the one that answers for it; an event without nodes was made by the
 * sensor itself. Nodes that are no list are left for validation to refuse. The received bytes are not touched.
 */
export function relay(idea: Idea, sensorName: string): Idea {
  const nodes = idea.Node
  if (nodes === undefined || (Array.isArray(nodes) && nodes.length === 0)) {
    return { ...idea, Node: [{ Name: sensorName }] }
  }
  if (!Array.isArray(nodes)) return idea
  // the first node is compared as Warden does it
  if (textOf(objectOf(nodes[0])?.Name)?.toLowerCase() === sensorName.toLowerCase()) return idea
  return { ...idea, Node: [{ Name: sensorName, Type: ['Relay'] }, ...nodes] }
}
