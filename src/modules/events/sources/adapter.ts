/** What every adapter takes and gives: a foreign record and its sensor in, an IDEA event or a reason out. */
import type { Idea } from '../event.ts'

/** What an adapter has to know of the sender. */
export interface SensorFacts {
  /** The client name, such as `cz.hsoc.nem_a.suri1`; it becomes the name of the first node. */
  name: string
  /** Stands in the path of the traffic, so what it allowed went through. */
  inline: boolean
  /** EVE `anomaly` records become events too. */
  anomalies?: boolean
  /** IANA zone of times written without one; UTC when absent. */
  zone?: string
  /** Our clock at receipt, milliseconds; DetectTime of records that bring no usable time. */
  receivedMs: number
  /** Whether an address lies in the networks behind the sensor; private ranges count as inside without it. */
  inside?: (address: string) => boolean
}

/**
 * `skip` is a short code that is counted, not an error: `context` (a record that is no detection), `unknown-type`,
 * `anomaly` (not enabled for the sensor), `drop-of-alert` (its alert is an event already), `no-address`.
 * `error` is an English sentence for the sender's quarantine; it never quotes the record.
 */
export type Outcome = { idea: Idea } | { skip: string } | { error: string }

/** A parsed JSON object, or null for anything else. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>) // narrowed by the test before
    : null
}

/** A text with something in it, at most `limit` UTF-16 units and never half a character; null otherwise. */
export function textOf(value: unknown, limit = 1000): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' ? null : text.slice(0, limit).toWellFormed()
}
