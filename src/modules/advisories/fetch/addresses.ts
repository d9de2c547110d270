/** Which addresses may be asked: none of private networks, unless the operator allowed a host. */
import type { LookupAddress } from 'node:dns'
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { FetchFailed } from './failed.ts'

/** Not of the public internet (RFC 6890 and what followed it). */
const ranges: [string, number][] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as [string, number][]),
]
const ranges6: [string, number][] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const kept = new BlockList()
for (const [net, length] of ranges) kept.addSubnet(net, length, 'ipv4')
for (const [net, length] of ranges6) kept.addSubnet(net, length, 'ipv6')

/** True for an address that belongs to somebody's own network, or to nobody. */
export function isPrivate(address: string): boolean {
  const kind = isIP(address)
  return kind === 0 || kept.check(address, kind === 6 ? 'ipv6' : 'ipv4')
}

/** The host of an address as `net` takes it, without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/** `host` or `host:port`, as the operator allowed it. */
export const isAllowed = (url: URL, allowed: readonly string[]): boolean =>
  allowed.some((one) => one === url.host || one === url.hostname || one === hostOf(url))

/** Throws FetchFailed for what must not be asked whatever it resolves to. */
export function judgeAddress(text: string, allowed: readonly string[]): URL {
  if (!URL.canParse(text)) throw new FetchFailed('address', text)
  const url = new URL(text)
  const isFree = isAllowed(url, allowed)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isFree))
    throw new FetchFailed('scheme', url.protocol)
  if (url.username || url.password) throw new FetchFailed('address', url.host)
  if (!isFree && isIP(hostOf(url)) && isPrivate(hostOf(url))) throw new FetchFailed('private', url.host)
  return url
}

/** Resolves a name as the system does, and refuses it when any of its addresses is private: the connection uses what was judged. */
export const publicLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    const addresses = found as unknown as LookupAddress[]
    if (error) done(error, '', 0)
    else if (addresses.length === 0 || addresses.some(({ address }) => isPrivate(address)))
      done(new FetchFailed('private', host), '', 0)
    else if (options.all) done(null, addresses as never)
    else done(null, (addresses[0] as LookupAddress).address, (addresses[0] as LookupAddress).family)
  })
}
