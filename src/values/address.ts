/**
 * IP addresses, prefixes and ranges as pairs of numbers. A range that is exactly a prefix is the same as that prefix,
 * and an IPv4 address written inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address, so one thing has one text.
 */
export type Net =
  | { readonly v: 4; readonly lo: number; readonly hi: number; readonly text: string }
  | { readonly v: 6; readonly lo: bigint; readonly hi: bigint; readonly text: string }

const v4Mapped = 0xffff_0000_0000n
const v4MappedEnd = 0xffff_ffff_ffffn
const v6End = (1n << 128n) - 1n

/**
 * Reads an address, a prefix (host bits allowed) or a range `a-b` (either order) of IPv4 or IPv6; null for anything else.
 * Strict: no spaces, no zone, no leading zeros in decimals. The text of the result is canonical (RFC 5952 for IPv6).
 */
export function parseNet(text: string): Net | null {
  const single = readV4(text, 0, text.length)
  if (single >= 0) return { v: 4, lo: single, hi: single, text }
  if (text.length > 100) return null
  return text.indexOf(':') < 0 ? parseOther(text) : remembered(text)
}

const mostRemembered = 4_096
const sixes = new Map<string, Net | null>()

/** IPv6 takes long to read and the same addresses come again and again. */
function remembered(text: string): Net | null {
  const known = sixes.get(text)
  if (known !== undefined) return known
  if (sixes.size >= mostRemembered) sixes.clear()
  const net = parseOther(text)
  sixes.set(text, net)
  return net
}

function parseOther(text: string): Net | null {
  const dash = text.indexOf('-')
  if (dash >= 0) return parseRange(text, dash)
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash
  const v4 = text.indexOf(':') < 0
  const bits = slash < 0 ? (v4 ? 32 : 128) : readBits(text, slash + 1, v4 ? 32 : 128)
  if (bits < 0) return null
  if (v4) {
    const address = readV4(text, 0, end)
    return address < 0 ? null : prefix4(address, bits)
  }
  const address = readV6(slash < 0 ? text : text.slice(0, end))
  return address === null ? null : prefix6(address, bits)
}

/** The net of one IPv4 number, for callers that already have it. */
export function net4(lo: number, hi: number): Net {
  return { v: 4, lo, hi, text: text4(lo, hi) }
}

/** The net of IPv6 numbers; mapped IPv4 becomes IPv4. */
export function net6(lo: bigint, hi: bigint): Net {
  if (lo >= v4Mapped && hi <= v4MappedEnd) return net4(Number(lo - v4Mapped), Number(hi - v4Mapped))
  return { v: 6, lo, hi, text: text6(lo, hi) }
}

/** One single address, not a range. */
export function isSingle(net: Net): boolean {
  return net.lo === net.hi
}

/** Whole of `inner` lies in `outer`. */
export function contains(outer: Net, inner: Net): boolean {
  return outer.v === inner.v && outer.lo <= inner.lo && inner.hi <= outer.hi
}

/** Wider than /16 of IPv4 or /32 of IPv6: says too little to be matched with anybody. */
export function isTooWide(net: Net): boolean {
  return net.v === 4 ? net.hi - net.lo >= 2 ** 16 : net.hi - net.lo >= 2n ** 96n
}

/** Unspecified, loopback, link-local, multicast or 240/4: an event's address there belongs to nobody. */
export function isSpecial(net: Net): boolean {
  if (net.v === 4) return isUncountable(net) || net.lo >= 0xf000_0000
  return isUncountable(net)
}

/** Unspecified, loopback, link-local or multicast: never one of the day's sources (240/4 is one). */
export function isUncountable(net: Net): boolean {
  if (net.v === 4) {
    const first = Math.floor(net.lo / 2 ** 24)
    if (net.lo === 0) return net.hi === 0
    if (first === 127) return net.hi <= 0x7fff_ffff
    if (first === 169) return net.lo >= 0xa9fe_0000 && net.hi <= 0xa9fe_ffff
    return net.lo >= 0xe000_0000 && net.hi <= 0xefff_ffff
  }
  if (net.hi <= 1n) return true
  if (net.lo >= 0xfe80n << 112n) return net.hi <= (0xfec0n << 112n) - 1n || net.lo >= 0xff00n << 112n
  return false
}

/** Private use: RFC 1918 and RFC 6598 for IPv4, RFC 4193 (fc00::/7) for IPv6. */
export function isPrivate(net: Net): boolean {
  if (net.v === 6) return net.lo >= 0xfc00n << 112n && net.hi <= (0xfe00n << 112n) - 1n
  const { lo, hi } = net
  return (
    (lo >= 0x0a00_0000 && hi <= 0x0aff_ffff) ||
    (lo >= 0xac10_0000 && hi <= 0xac1f_ffff) ||
    (lo >= 0xc0a8_0000 && hi <= 0xc0a8_ffff) ||
    (lo >= 0x6440_0000 && hi <= 0x647f_ffff)
  )
}

/** Dotted text of an IPv4 number. */
export function dotted(n: number): string {
  return `${Math.floor(n / 2 ** 24)}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`
}

function parseRange(text: string, dash: number): Net | null {
  const from = text.slice(0, dash)
  const to = text.slice(dash + 1)
  if (from.indexOf(':') < 0) {
    const a = readV4(from, 0, from.length)
    const b = readV4(to, 0, to.length)
    return a < 0 || b < 0 ? null : net4(Math.min(a, b), Math.max(a, b))
  }
  const a = readV6(from)
  const b = readV6(to)
  if (a === null || b === null) return null
  return a < b ? net6(a, b) : net6(b, a)
}

/** The number of a dotted address in `text[from, to)`, or -1. */
function readV4(text: string, from: number, to: number): number {
  if (to - from < 7 || to - from > 15) return -1
  let address = 0
  let part = -1
  let dots = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i)
    if (c === 46) {
      if (part < 0 || ++dots > 3) return -1
      address = address * 256 + part
      part = -1
    } else {
      const digit = c - 48
      if (digit < 0 || digit > 9 || part === 0) return -1
      part = part < 0 ? digit : part * 10 + digit
      if (part > 255) return -1
    }
  }
  return dots === 3 && part >= 0 ? address * 256 + part : -1
}

/** The number of an IPv6 address in any form of RFC 4291 section 2.2, or null. */
function readV6(text: string): bigint | null {
  if (text.length < 2 || text.length > 45) return null
  const gap = text.indexOf('::')
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return null
  const head = readGroups(gap < 0 ? text : text.slice(0, gap), gap < 0)
  const tail = gap < 0 ? [] : readGroups(text.slice(gap + 2), true)
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (gap < 0 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  return (pair(groups, 0) << 96n) | (pair(groups, 2) << 64n) | (pair(groups, 4) << 32n) | pair(groups, 6)
}

function pair(groups: number[], at: number): bigint {
  return BigInt((groups[at] ?? 0) * 65536 + (groups[at + 1] ?? 0))
}

/** Groups of up to four hexadecimal digits; the last may be a dotted address, which fills two. */
function readGroups(text: string, mayEndDotted: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? ''
    if (part.includes('.')) {
      const dotted = mayEndDotted && i === parts.length - 1 ? readV4(part, 0, part.length) : -1
      if (dotted < 0) return null
      groups.push(Math.floor(dotted / 65536), dotted % 65536)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null
      groups.push(Number.parseInt(part, 16))
    }
  }
  return groups
}

/** The prefix length written at `from`, without leading zeros, at most `most`; -1 otherwise. */
function readBits(text: string, from: number, most: number): number {
  const digits = text.slice(from)
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(digits)) return -1
  const bits = Number(digits)
  return bits <= most ? bits : -1
}

function prefix4(address: number, bits: number): Net {
  const size = 2 ** (32 - bits)
  const lo = address - (address % size)
  return net4(lo, lo + size - 1)
}

function prefix6(address: bigint, bits: number): Net {
  const host = (1n << BigInt(128 - bits)) - 1n
  const lo = address & (v6End ^ host)
  return net6(lo, lo | host)
}

function text4(lo: number, hi: number): string {
  if (lo === hi) return dotted(lo)
  const size = hi - lo + 1
  const bits = 32 - Math.log2(size)
  return Number.isInteger(bits) && lo % size === 0 ? `${dotted(lo)}/${bits}` : `${dotted(lo)}-${dotted(hi)}`
}

function text6(lo: bigint, hi: bigint): string {
  if (lo === hi) return groupedText(lo)
  const host = hi - lo
  const isPrefix = (host & (host + 1n)) === 0n && (lo & host) === 0n
  if (!isPrefix) return `${groupedText(lo)}-${groupedText(hi)}`
  return `${groupedText(lo)}/${128 - host.toString(2).length}`
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function groupedText(address: bigint): string {
  const groups: number[] = []
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const word = Number((address >> shift) & 0xffff_ffffn)
    groups.push(word >>> 16, word & 0xffff)
  }
  let start = 0
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > length) {
      start = i
      length = end - i
    }
    if (end > i) i = end
  }
  const hex = groups.map((group) => group.toString(16))
  if (length === 1) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
