/**
 * Indicators: what a machine can look for or block, each with one normal form (exchange.md 7). People write them so that
 * nobody follows them by mistake (`hxxp://evil[.]example`); `refang` takes that away, and what is kept is never defanged.
 */
import { contains, isPrivate, isSingle, isSpecial, isTooWide, type Net, parseNet } from './address.ts'

export const indicatorKinds = ['ip', 'net', 'domain', 'url', 'sha256', 'sha1', 'md5', 'email', 'cve'] as const
export type IndicatorKind = (typeof indicatorKinds)[number]

export interface Indicator {
  kind: IndicatorKind
  /** Normal form. */
  value: string
}

/** Days for which lists carry it after it was last seen; null: no list carries it. */
export const daysListed: Record<IndicatorKind, number | null> = {
  ip: 7,
  net: 3,
  domain: 30,
  url: 14,
  sha256: 180,
  sha1: 180,
  md5: 180,
  email: 30,
  cve: null,
}

export const longestIndicator = 2_048

/** What is not seen when read: zero-width characters, soft hyphens, marks of direction, variants. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu

/** The same text as machines read it; lines stay where they are. Linear in its length. */
export function refang(text: string): string {
  return text
    .replace(unseen, '')
    .replace(/[\u3002\uff0e\uff61]/g, '.')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[[({<] ?(?:\.|dot|d0t|tečka|punkt) ?[\])}>]/gi, '.')
    .replace(/[[({<] ?(?:@|at|zavináč) ?[\])}>]/gi, '@')
    .replace(/\[(:\/\/|:\/|\/\/|:|\/)\]/g, '$1')
    .replace(/\b(?:h(?:xx|\*\*|__|tt)p)(s?)(?=:\/\/|:\\\\)/gi, 'http$1')
    .replace(/\\([.:/@])/g, '$1')
}

/** As people can read it without following it by mistake. */
export function defang({ kind, value }: Indicator): string {
  if (kind === 'url') return value.replace(/^http/, 'hxxp').replace(/^([^/]*\/\/[^/]*)/, dotless)
  if (kind === 'email') return dotless(value).replace('@', '[@]')
  return kind === 'ip' || kind === 'net' || kind === 'domain' ? dotless(value) : value
}

const dotless = (text: string): string => text.replaceAll('.', '[.]')

/** The indicator that the text is, as a whole and however it is defanged; null when it is none. */
export function indicatorOf(given: string): Indicator | null {
  if (given.length > 2 * longestIndicator) return null
  const text = refang(given).trim()
  if (text === '' || text.length > longestIndicator || /\s/.test(text)) return null
  const found = cveOf(text) ?? hashOf(text) ?? netOf(text) ?? urlOf(text) ?? emailOf(text) ?? domainOf(text)
  return found && found.value.length <= longestIndicator ? found : null
}

const cveOf = (text: string): Indicator | null =>
  /^cve-\d{4}-\d{4,19}$/i.test(text) ? { kind: 'cve', value: text.toUpperCase() } : null

const hashes = { 64: 'sha256', 40: 'sha1', 32: 'md5' } as const

function hashOf(text: string): Indicator | null {
  // Only the lengths of the table are looked up.
  const kind = (hashes as Record<number, IndicatorKind>)[text.length]
  return kind && /^[0-9a-f]+$/i.test(text) ? { kind, value: text.toLowerCase() } : null
}

/** An address, or a network whose host bits are zero; a range only where it is exactly a network. */
function netOf(text: string): Indicator | null {
  const net = parseNet(text.replace(/^\[(.*)\]$/, '$1'))
  if (!net || (!isSingle(net) && (net.text.includes('-') || hasHostBits(text, net)))) return null
  return { kind: isSingle(net) ? 'ip' : 'net', value: net.text }
}

/** `198.51.100.7/24`: it is not clear whether one address or the network is meant. */
function hasHostBits(text: string, net: Net): boolean {
  const slash = text.indexOf('/')
  const written = slash < 0 ? null : parseNet(text.slice(0, slash))
  return written !== null && written.lo !== net.lo
}

/** A name of at least two labels (RFC 1035 lengths), lower-case ASCII; null for anything else. */
export function domainName(text: string): string | null {
  const given = text.replace(/\.$/, '')
  if (given.length > 253 || !/^[^\s/:@*?#%[\]\\<>|^"'`{}(),;=&$!+~]+$/.test(given)) return null
  const name = /^[\x00-\x7f]*$/.test(given) ? given.toLowerCase() : hostOf(`http://${given}/`)
  const labels = name?.split('.') ?? []
  const sound =
    labels.length >= 2 &&
    labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}$/.test(label) && !label.endsWith('-')) &&
    /^([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(labels.at(-1) ?? '')
  return sound && name !== null && name.length <= 253 ? name : null
}

function domainOf(text: string): Indicator | null {
  const value = domainName(text.replace(/^\*\./, ''))
  return value === null ? null : { kind: 'domain', value }
}

const hostOf = (url: string): string | null => URL.parse(url)?.hostname ?? null

function urlOf(text: string): Indicator | null {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null
  const host = url && hostForm(url.hostname)
  if (!url || !host) return null
  const port = url.port === '' ? '' : `:${url.port}`
  // Without name and password, which belong to somebody, and without the fragment, which no server gets.
  return { kind: 'url', value: `${url.protocol}//${host}${port}${url.pathname}${url.search}` }
}

/** Host of a URL: an IPv4 address inside IPv6 is the IPv4 one, a name has no dot at its end. */
function hostForm(hostname: string): string | null {
  const net = parseNet(hostname.replace(/^\[(.*)\]$/, '$1'))
  if (net) return net.v === 4 ? net.text : `[${net.text}]`
  return domainName(hostname)
}

function emailOf(text: string): Indicator | null {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0)).toLowerCase()
  const domain = at < 1 ? null : domainName(text.slice(at + 1))
  if (domain === null || !/^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/.test(local)) return null
  return /^\.|\.$|\.\./.test(local) ? null : { kind: 'email', value: `${local}@${domain}` }
}

/** The host at which it points: address, network or name; null for a hash or a CVE. */
export function hostIn({ kind, value }: Indicator): { net: Net } | { name: string } | null {
  const host =
    kind === 'url'
      ? (hostOf(value) ?? '').replace(/^\[(.*)\]$/, '$1')
      : kind === 'email'
        ? value.slice(value.lastIndexOf('@') + 1)
        : kind === 'ip' || kind === 'net' || kind === 'domain'
          ? value
          : ''
  const net = parseNet(host)
  return net ? { net } : host === '' ? null : { name: host }
}

const documentation = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
  '2001:db8::/32',
  '3fff::/20',
].flatMap((text) => parseNet(text) ?? [])
const nowhere = parseNet('0.0.0.0/8')

/** Names that no name server of the world answers for (RFC 6761, RFC 8375, RFC 9476 and what companies use inside). */
const inner = [
  'local',
  'localhost',
  'internal',
  'intranet',
  'lan',
  'corp',
  'home',
  'private',
  'alt',
  'arpa',
  'invalid',
  'test',
  'localdomain',
]
const documentationNames = ['example', 'example.com', 'example.net', 'example.org']

/** Why nothing of the kind is ever listed, whoever asks: the part of the never-list that needs no register. */
export type Never = 'wide' | 'private' | 'special' | 'documentation'

/** Null: it may be listed. `documentation` is for the caller to judge: tests and the demonstration list what is made up. */
export function neverListed(indicator: Indicator): Never | null {
  const host = hostIn(indicator)
  if (host === null) return null
  if ('name' in host) {
    if (inner.some((end) => host.name === end || host.name.endsWith(`.${end}`))) return 'private'
    return documentationNames.some((end) => host.name === end || host.name.endsWith(`.${end}`))
      ? 'documentation'
      : null
  }
  const { net } = host
  if (isTooWide(net)) return 'wide'
  if (isPrivate(net)) return 'private'
  if (isSpecial(net) || (nowhere && contains(nowhere, net))) return 'special'
  return documentation.some((one) => contains(one, net)) ? 'documentation' : null
}
