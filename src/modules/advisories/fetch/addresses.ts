/** Which addresses may be asked: none of private networks, unless the operator allowed a host. */
import { lookup as resolve } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { hostOf, isPrivate } from '../../../platform/public-addresses.ts'
import { FetchFailed } from './failed.ts'

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
  resolve(host, { ...options, all: true as const }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error) done(error, '', 0)
    else if (!first || addresses.some(({ address }) => isPrivate(address)))
      done(new FetchFailed('private', host), '', 0)
    else if (options.all) done(null, addresses)
    else done(null, first.address, first.family)
  })
}
