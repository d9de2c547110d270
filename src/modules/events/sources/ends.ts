/** Pieces of IDEA Source and Target made from foreign text: addresses, hosts, ports, protocols, URLs. */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** The part of an IDEA Source or Target that adapters fill. */
export interface IdeaEnd {
  IP4?: string[]
  IP6?: string[]
  Hostname?: string[]
  URL?: string[]
  Port?: number[]
  Proto?: string[]
  Type?: string[]
}

/** One address in its short form (RFC 5952; v4-mapped as IPv4; a zone such as `%eth0` cut off); null otherwise. */
export function addressOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 80) return null
  const text = value.trim()
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return null
  const short = new SocketAddress({ address: text.replace(/%.*$/s, ''), family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(short)
  return mapped?.[1] ?? short
}

/** An address, a CIDR or a range `first-last` of one family, as `{IP4}` or `{IP6}`; null when it is none of them. */
export function netOf(value: unknown): IdeaEnd | null {
  const single = addressOf(value)
  if (single) return familyOf(single, single)
  if (typeof value !== 'string' || value.length > 120) return null
  const cidr = /^(.+)\/(\d{1,3})$/.exec(value.trim())
  if (cidr) return ofCidr(addressOf(cidr[1]), Number(cidr[2]), isIPv6(cidr[1] ?? ''))
  const [first, last, ...more] = value.split('-').map(addressOf)
  if (!first || !last || more.length > 0 || isIPv4(first) !== isIPv4(last)) return null
  return familyOf(first, `${first}-${last}`)
}

function ofCidr(base: string | null, length: number, writtenLong: boolean): IdeaEnd | null {
  if (!base) return null
  const bits = isIPv4(base) ? 32 : 128
  const own = isIPv4(base) && writtenLong ? length - 96 : length
  if (own < 0 || own > bits) return null
  return familyOf(base, own === bits ? base : `${base}/${own}`)
}

function familyOf(address: string, text: string): IdeaEnd {
  return isIPv4(address) ? { IP4: [text] } : { IP6: [text] }
}

const hostName =
  /^(?=.{1,253}\.?$)(?=.*[a-z])[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/

/** A host name in lower case; null for addresses and for text that is no host name. */
export function hostOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 254) return null
  const text = value.trim().toLowerCase()
  return hostName.test(text) ? text.replace(/\.$/, '') : null
}

/** A port 0 to 65535 written as a number or as digits. */
export function portOf(value: unknown): number | null {
  const port = typeof value === 'string' && /^\s*\d{1,5}\s*$/.test(value) ? Number(value) : value
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535 ? port : null
}

const protocolName = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Names IDEA allows, in lower case, each once; numeric ones such as `255` are left out. */
export function protosOf(...values: unknown[]): string[] {
  const names = values
    .filter((value) => typeof value === 'string')
    .map((value) => value.trim().toLowerCase().replaceAll('_', '-').slice(0, 64))
    .filter((value) => protocolName.test(value) && value !== 'failed' && value !== 'unknown')
  return [...new Set(names)]
}

/** Query values that may name a person or open a door; the received bytes still have them. */
const secret =
  /([?&;][^=&;#]*(?:user|uname|login|email|account|pass|pwd|secret|token|auth|sess|key)[^=&;#]*=)[^&;#]*/gi

/** A text as a URI of IDEA0: other characters percent-encoded, sign-in names and passwords blanked, at most 2048. */
export function uriOf(text: string): string | null {
  const open = text
    .slice(0, 2048)
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
    .replace(secret, '$1***')
  const uri = open.replace(/[^\][a-zA-Z0-9._~:/?#@*'&()+,;=%-]/gu, percent)
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(uri) ? uri : null
}

function percent(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}

const inner =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/

/** RFC 1918, 6598 and 4193 ranges and loopback: addresses that no stranger on the Internet has. */
export function isInner(address: string): boolean {
  return inner.test(address) || address === '::1'
}
