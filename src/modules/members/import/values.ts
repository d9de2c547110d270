/** Understands single values: addresses, domains, dates, telephone numbers. Each fault names its sentence. */
import { domainToASCII } from 'node:url'
import type { Net } from '../../../values/address.ts'
import { isSpecial, parseNet } from '../../../values/address.ts'
import type { Sentence, Values } from './words.ts'

export type Understood<T> =
  | { ok: true; value: T }
  | { ok: false; value: string; sentence: Sentence; values?: Values }

/** What a person writes to say that there is nothing: an empty cell only says that nothing is said. */
export const none = '-'

/** Nobody's network is wider than this (the widest private range is /8; a national network got a /29). */
const widestV4 = 8
const widestV6 = 16

/** Separate entries of a list: blanks and line ends, commas or semicolons; blanks round a range's dash are dropped. */
export function entriesOf(text: string): string[] {
  return text
    .replace(/\s*[-\u2010-\u2015]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter((entry) => entry !== '')
}

/** An address, a network without host bits, or a range a-b; never one that can belong to nobody. */
export function readPrefix(entry: string): Understood<Net> {
  const refuse = (sentence: Sentence, values?: Values) =>
    ({ ok: false, value: entry, sentence, values }) as const
  const net = parseNet(entry)
  if (net === null) return refuse('prefix')
  const [begin = '', end] = entry.split(/[-/]/)
  const first = parseNet(begin)
  if (first && entry.includes('/') && first.lo !== net.lo) {
    return refuse('hostBits', { network: net.text, address: begin })
  }
  if (first && end !== undefined && entry.includes('-') && first.lo !== net.lo) return refuse('reversed')
  if (isSpecial(net)) return refuse('special')
  const limit = net.v === 4 ? widestV4 : widestV6
  if (isWiderThan(net, limit)) return refuse('tooWide', { limit })
  return { ok: true, value: net }
}

function isWiderThan(net: Net, bits: number): boolean {
  return net.v === 4 ? net.hi - net.lo >= 2 ** (32 - bits) : net.hi - net.lo >= 2n ** BigInt(128 - bits)
}

/** A domain of at least two labels (RFC 1035 lengths), as lower-case ASCII. */
export function readDomain(entry: string): Understood<string> {
  const name = /[\s/:@*?#%[\]]/.test(entry) ? '' : domainToASCII(entry.replace(/\.$/, '')).toLowerCase()
  const labels = name.split('.')
  const sound =
    name.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  return sound ? { ok: true, value: name } : { ok: false, value: entry, sentence: 'domain' }
}

/** One e-mail address; the domain is lowered, the part before it kept. */
export function readEmail(text: string): Understood<string> {
  const [, local, domain] = /^([^\s@"<>()[\],;:\\]{1,64})@([^\s@]+)$/.exec(text) ?? []
  const host = domain === undefined ? null : readDomain(domain)
  if (local === undefined || !host?.ok || /^\.|\.$|\.\./.test(local)) {
    return { ok: false, value: text, sentence: 'email' }
  }
  return { ok: true, value: `${local}@${host.value}` }
}

/** A telephone number with 3 to 20 digits; blanks are made single. */
export function readPhone(text: string): Understood<string> {
  const digits = text.replace(/\D/g, '').length
  const sound = /^\+?[\d\s()/.-]+$/.test(text) && digits >= 3 && digits <= 20 && text.length <= 40
  return sound
    ? { ok: true, value: text.replace(/\s+/g, ' ') }
    : { ok: false, value: text, sentence: 'phone' }
}

/** A day as YYYY-MM-DD from `2026-01-31` or `31. 1. 2026`; other orders are refused, as they cannot be told apart. */
export function readDay(text: string): Understood<string> {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const czech = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(text)
  const [year, month, day] = iso ? iso.slice(1) : czech ? [czech[3], czech[2], czech[1]] : []
  const value = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
  const date = new Date(`${value}T00:00:00Z`)
  const sound = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) && Number(year) >= 1900
  return sound ? { ok: true, value } : { ok: false, value: text, sentence: 'date' }
}
