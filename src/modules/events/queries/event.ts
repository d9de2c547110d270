/** One event: the received bytes as far as the actor may read them, and what was understood of it for the actor. */
import type { Tx } from '../../../platform/database.ts'
import { parseNet } from '../../../values/address.ts'
import { copyOf, emptyCopy } from '../copies.ts'
import { cut, unpack } from '../packed.ts'
import { insideOf, readStored } from '../read-record.ts'
import { classNames, detectorNames, keyTexts, organisationNames, sensorNames } from './names.ts'

export interface EventPart {
  org: number
  organisation: string | null
  side: number
  class: string
  severity: number
  source: string | null
  host: string | null
  peer: string | null
  port: number | null
}

export interface OneEvent {
  batch: number
  idx: number
  received_at: string
  sensor: { id: number; name: string | null }
  /** As received; for a member whom it concerns beside others a copy without what belongs to those. */
  bytes: Buffer
  redacted: boolean
  /** Null for the owner of the sensor when the event concerns somebody else. */
  at: string | null
  lane: number | null
  verdict: number | null
  weight: number | null
  flags: number | null
  exercise: string | null
  detector: string | null
  /** How it concerns the perimeter (organisation 0, coordinators only) and the organisations that the actor may see. */
  parts: EventPart[]
}

interface Stored {
  raw: Buffer
  raw_off: number
  raw_len: number
  received_at: Date
  sensor_id: number
  /** It concerns others too, and neither the sensor nor the coordination is the reader's. */
  shared: boolean
  format: string
  sender: string
  inline: boolean
  lenient: boolean
  zone: string
  inside: string[] | null
}

interface Raw {
  org_id: number
  side: number
  class_id: number
  severity: number
  key_id: number
  host: string | null
  peer: string | null
  port: number | null
  detected_at: Date
  lane: number
  verdict: number
  weight: number
  flags: number
  exercise: string | null
  detector_id: number
}

/** A copy is made of what was understood: another format may name others in ways that only its reader knows. */
async function bytesFor(
  tx: Tx,
  batch: number,
  idx: number,
  stored: Stored,
): Promise<Pick<OneEvent, 'bytes' | 'redacted'>> {
  const pack = await unpack(stored.raw)
  const bytes = cut(pack, stored.raw_off, stored.raw_len)
  if (!stored.shared) return { bytes, redacted: false }
  const sensor = {
    name: stored.sender,
    inline: stored.inline,
    zone: stored.zone,
    receivedMs: stored.received_at.getTime(),
    ...insideOf((stored.inside ?? []).map(parseNet).filter((net) => net !== null)),
  }
  const event = await readStored(stored.format, pack, bytes, sensor, stored.lenient)
  const copy = event ? await copyOf(tx, { batch, idx }, event) : emptyCopy()
  if (copy === event && stored.format === 'idea') return { bytes, redacted: false }
  return { bytes: Buffer.from(JSON.stringify(copy)), redacted: true }
}

/** One event by its place in the log; null when it is not there for the actor. */
export async function eventOf(tx: Tx, batch: number, idx: number): Promise<OneEvent | null> {
  const { rows } = await tx.query<Stored & Record<string, unknown>>('select * from batch_for_event($1, $2)', [
    batch,
    idx,
  ])
  const stored = rows[0]
  if (!stored) return null
  const { rows: parts } = await tx.query<Raw & Record<string, unknown>>(
    `select 0 as org_id, 0 as side, class_id, severity, key_id, host(target) as host, null::text as peer, port, detected_at, lane, verdict, weight, flags, exercise, detector_id
     from events where batch_id = $1 and idx = $2
     union all select org_id, side, class_id, severity, key_id, host(host), host(peer), port, detected_at, lane, verdict, weight, flags, exercise, detector_id
     from matches where batch_id = $1 and idx = $2 order by 1, 2`,
    [batch, idx],
  )
  const any = parts[0]
  const classes = await classNames(
    tx,
    parts.map((p) => p.class_id),
  )
  const keys = await keyTexts(
    tx,
    parts.map((p) => p.key_id),
  )
  const orgs = await organisationNames(
    tx,
    parts.map((p) => p.org_id),
  )
  const sensors = await sensorNames(tx, [stored.sensor_id])
  const detectors = await detectorNames(tx, any ? [any.detector_id] : [])
  return {
    batch,
    idx,
    received_at: stored.received_at.toISOString(),
    sensor: { id: stored.sensor_id, name: sensors.get(stored.sensor_id) ?? null },
    ...(await bytesFor(tx, batch, idx, stored)),
    at: any?.detected_at.toISOString() ?? null,
    lane: any?.lane ?? null,
    verdict: any?.verdict ?? null,
    weight: any?.weight ?? null,
    flags: any?.flags ?? null,
    exercise: any?.exercise ?? null,
    detector: any ? (detectors.get(any.detector_id) ?? null) : null,
    parts: parts.map((part) => ({
      org: part.org_id,
      organisation: orgs.get(part.org_id) ?? null,
      side: part.side,
      class: classes.get(part.class_id) ?? 'other',
      severity: part.severity,
      source: keys.get(part.key_id) ?? null,
      host: part.host,
      peer: part.peer,
      port: part.port,
    })),
  }
}
