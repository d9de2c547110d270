import { isBlank } from './json-scan.ts'

/** Bytes that came and are not used up yet; grows by doubling, so that many small chunks stay cheap. */
export interface Pending {
  bytes: Buffer
  /** First byte not used up. */
  start: number
  /** Behind the last byte. */
  end: number
}

export function newPending(): Pending {
  return { bytes: Buffer.allocUnsafe(128 * 1024), start: 0, end: 0 }
}

/** Adds a chunk; returns by how much all offsets kept outside moved down. */
export function append(pending: Pending, chunk: Uint8Array): number {
  let moved = 0
  if (pending.end + chunk.length > pending.bytes.length) {
    moved = pending.start
    const used = pending.end - pending.start
    const needed = used + chunk.length
    const home = needed * 2 > pending.bytes.length ? Buffer.allocUnsafe(needed * 2) : pending.bytes
    pending.bytes.copy(home, 0, pending.start, pending.end)
    pending.bytes = home
    pending.start = 0
    pending.end = used
  }
  pending.bytes.set(chunk, pending.end)
  pending.end += chunk.length
  return moved
}

/** Offset of the next line end from `from` and before `to`, or -1. */
export function lineEnd(pending: Pending, from: number, to = pending.end): number {
  if (from >= to) return -1
  const found = pending.bytes.subarray(from, to).indexOf(0x0a)
  return found < 0 ? -1 : from + found
}

/** A copy that stays valid when the pending bytes move on. */
export function copyOf(pending: Pending, from: number, to: number): Buffer {
  return Buffer.from(pending.bytes.subarray(from, to))
}

/** How many lines end from `from` and before `to`. */
export function lineEnds(pending: Pending, from: number, to: number): number {
  let count = 0
  for (let at = lineEnd(pending, from, to); at >= 0; at = lineEnd(pending, at + 1, to)) count += 1
  return count
}

/** The span without blanks and line ends around it. */
export function withoutBlanks({ bytes }: Pending, from: number, to: number): [number, number] {
  let a = from
  let b = to
  while (a < b && isBlank(bytes[a] ?? 0)) a += 1
  while (b > a && isBlank(bytes[b - 1] ?? 0)) b -= 1
  return [a, b]
}

/** The byte order mark at the start, of the two encodings that are met. */
export function markOf({ bytes, start, end }: Pending): 'UTF-8' | 'UTF-16' | null {
  const mark = bytes.toString('hex', start, Math.min(start + 3, end))
  if (mark === 'efbbbf') return 'UTF-8'
  return mark.startsWith('fffe') || mark.startsWith('feff') ? 'UTF-16' : null
}
