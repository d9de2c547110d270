/** Which addresses belong to the public internet, and finding one of a host that others chose: nothing of ours is to be reached by it. */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

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

/** What a name leads to, judged: the caller connects to this address and to no other, whatever the name says by then. */
export type Found = { address: string } | { refused: 'private' | 'unknown-host' }

/** Resolves as the system does, within `waitMs`; a name with any private address is refused. */
export async function publicAddressOf(url: URL, waitMs = 5_000): Promise<Found> {
  const host = hostOf(url)
  if (isIP(host)) return isPrivate(host) ? { refused: 'private' } : { address: host }
  const late = new Promise<null>((done) => setTimeout(done, waitMs, null).unref())
  const found = await Promise.race([lookup(host, { all: true }).catch(() => null), late])
  if (!found?.[0]) return { refused: 'unknown-host' }
  return found.some(({ address }) => isPrivate(address))
    ? { refused: 'private' }
    : { address: found[0].address }
}
