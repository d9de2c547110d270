/** A strand: like messages about one thing within one UTC hour. Noise and incidents are both made of strands. */
import type { Verdict } from './natures.ts'
import type { Service, Topic } from './topics.ts'

/** One Source object of a message. */
export interface Origin {
  address: string
  types?: readonly string[]
  spoofed?: boolean
  hostname?: string
  url?: string
}

/** Addresses of one member (or, with null, outside) that a message may name as Target. */
export interface TargetGroup {
  member: number | null
  hosts: readonly string[]
}

export interface Strand {
  topic: Topic
  service: Service
  origins: readonly Origin[]
  /** Each message takes one group; none = no Target at all. */
  groups: readonly TargetGroup[]
  /** The member whose sensor or perimeter reports when the group does not say. */
  home: number
  /** Reported by the member's own sensor while that one is not silent, else by its perimeter. */
  local: boolean
  verdict: Verdict
  /** Dropped part of a partial verdict, in hundredths. */
  share: number
  fromMs: number
  toMs: number
  count: number
  /** Most targets named in one message. */
  spread: number
  /** Targets one after another instead of at random; `cursor` is the next. */
  inOrder: boolean
  cursor: number
  exercise: string | null
}

export const hourMs = 3_600_000

/** Cuts a stretch of messages at full UTC hours; the parts share out the count by their length. */
export function byHour(strand: Strand): Strand[] {
  const parts: Strand[] = []
  let left = strand.count
  let cursor = strand.cursor
  for (let from = strand.fromMs; from < strand.toMs && left > 0; ) {
    const to = Math.min(strand.toMs, (Math.floor(from / hourMs) + 1) * hourMs)
    const share = (left * (to - from)) / (strand.toMs - from)
    const count = to === strand.toMs ? left : Math.round(share)
    if (count > 0) parts.push({ ...strand, fromMs: from, toMs: to, count, cursor })
    cursor += count
    left -= count
    from = to
  }
  return parts
}

/** (hour, class, source key) of each row that these strands make at the perimeter. */
export function rowsOf(strands: readonly Strand[]): Set<string> {
  const rows = new Set<string>()
  for (const s of strands) {
    const hour = Math.floor(s.fromMs / hourMs)
    for (const o of s.origins) rows.add(`${hour} ${s.topic.category} ${s.service.port} ${o.address}`)
  }
  return rows
}
