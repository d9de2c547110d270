/** To which push services we speak. The browser names one; whoever could name any address would have us call it. */

const longest = 1_000

/** `private`: an origin that the operator wrote out, which may be in our own network and without TLS. */
export function judgeEndpoint(text: string, allowed: readonly string[]): 'public' | 'private' | null {
  const url = text.length <= longest ? URL.parse(text) : null
  if (!url || url.username || url.password || url.hash) return null
  if (allowed.includes(url.origin)) return 'private'
  if (url.protocol !== 'https:' || url.port !== '') return null
  const { hostname } = url
  const isKnown = allowed.some((one) =>
    one.startsWith('*.') ? hostname.endsWith(one.slice(1)) : one === hostname,
  )
  return isKnown ? 'public' : null
}
