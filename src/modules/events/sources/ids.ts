/** Identifiers of events whose source has none: the same record gives the same identifier at every delivery. */
import { hash } from 'node:crypto'
import { v5 } from 'uuid'

/** Fixed for good: with another one every event ever received would count as new. */
const namespace = '6f0c7a52-3d0e-5b7e-9a55-1f3c2f6f6a10'
const longest = 256

/**
 * UUID version 5 over `parts` (sensor, time, source, source port, target, target port, rule, as the record writes
 * them) and a digest of the whole record, so that only records equal in every field share an identifier.
 */
export function idFor(parts: unknown[], record: unknown): string {
  const digest = hash('sha256', JSON.stringify(record), 'base64url')
  const text = [...parts.map(plain), digest].join('|')
  return v5(Buffer.from(text), namespace)
}

/** `<sensor-short>-<value>` for a record with a stable identifier of its own, kept to the alphabet of IDEA. */
export function idFrom(sensor: string, value: string): string {
  const short = sensor.slice(sensor.lastIndexOf('.') + 1)
  const cleaned = value.replace(/[^a-zA-Z0-9._-]+/g, '-')
  const id = `${short}-${cleaned}`
  if (cleaned === value && id.length <= longest) return id
  // cleaning may make two values alike, so a digest of the value keeps them apart
  const digest = hash('sha256', value, 'hex').slice(0, 16)
  return `${id.slice(0, longest - digest.length - 1)}-${digest}`
}

function plain(part: unknown): string {
  return typeof part === 'string' || typeof part === 'number' ? String(part) : ''
}
