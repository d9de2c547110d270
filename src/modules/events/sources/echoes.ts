/**
 * Suricata may report one packet twice, as `alert` and as `drop`. The drop is an event of its own only when no alert
 * of the same flow and second exists.
 *
 * How it is decided: a drop is held back until `reach` further records were read or the input ended, and the alerts of
 * the last `2 * reach` records are remembered, so an alert counts whether it stands before or after the drop. Within
 * that distance the order of records does not matter. Suricata writes the two next to each other; only a batch cut
 * exactly between them can part them, and then the memory of the sensor's earlier alerts, if the caller keeps one,
 * still catches the drop that comes second.
 */
import { objectOf } from './adapter.ts'
import type { RecordItem } from './record.ts'

/** Flows and seconds of recent alerts; kept by the caller for one sensor, or made anew for each body. */
export type AlertMemory = Map<string, true>

const reach = 1024
/** Two keys for an alert, so this holds the alerts of at least `2 * reach` records. */
const remembered = 4 * reach

export function newAlertMemory(): AlertMemory {
  return new Map()
}

/** Gives the items of an EVE input, drops a little later than they came, those with an alert marked as `echo`. */
export async function* withEchoes(
  items: AsyncIterable<RecordItem>,
  alerts: AlertMemory = newAlertMemory(),
): AsyncGenerator<RecordItem> {
  const held: { item: RecordItem; keys: string[]; due: number }[] = []
  let count = 0
  for await (const item of items) {
    count += 1
    const record = objectOf(item.value)
    const type = record?.event_type
    if (record && type === 'alert') remember(alerts, keysOf(record))
    if (record && type === 'drop') held.push({ item, keys: keysOf(record), due: count + reach })
    else yield item
    for (let next = held[0]; next && next.due <= count; next = held[0]) {
      held.shift()
      yield judged(next, alerts)
    }
  }
  for (const rest of held) yield judged(rest, alerts)
}

function judged({ item, keys }: { item: RecordItem; keys: string[] }, alerts: AlertMemory): RecordItem {
  return item.bytes && item.error === undefined && keys.some((key) => alerts.has(key))
    ? { line: item.line, bytes: item.bytes, value: item.value, echo: true }
    : item
}

function remember(alerts: AlertMemory, keys: string[]): void {
  for (const key of keys) {
    alerts.delete(key)
    alerts.set(key, true)
  }
  // a Map keeps the order of insertion, so the first keys are the oldest
  for (const key of alerts.keys()) {
    if (alerts.size <= remembered) break
    alerts.delete(key)
  }
}

/** The flow by its number and by its ends in either direction, each with the second; some records lack a number. */
function keysOf(record: Record<string, unknown>): string[] {
  const second = String(record.timestamp).slice(0, 19)
  const ends = [`${record.src_ip} ${record.src_port}`, `${record.dest_ip} ${record.dest_port}`].sort()
  const keys = [`${second} ${record.proto} ${ends.join(' ')}`]
  const flow = record.flow_id
  if (typeof flow === 'number' || typeof flow === 'string') keys.push(`${second} ${flow}`)
  return keys
}
