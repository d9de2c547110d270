/** The two ends of an event, reduced to what matching and counting need. */
import { isSingle, isUncountable, parseNet } from '../../values/address.ts'
import type { End, Idea, SourceKey } from './event.ts'

/** An element of Source or Target with the parts that only the class and the keys read. */
export interface ReadEnd extends End {
  /** What it goes by without an address: host names, else hosts of URLs, else mail addresses. */
  names: string[]
  ports: number[]
  protos: string[]
  badPorts: boolean
}

const keyLength = 255
/** More host names or protocols of one end than this say nothing new and would cost time. */
const mostNames = 500

/** Reads all elements of Source or Target; anything that is no object is passed over. */
export function readEnds(list: unknown): ReadEnd[] {
  if (!Array.isArray(list)) return []
  const ends: ReadEnd[] = []
  for (const raw of list) if (typeof raw === 'object' && raw !== null) ends.push(readEnd(raw))
  return ends
}

/**
 * One key per address and range of each source; a source without any goes by host name, else by mail address. An event
 * without a key has the key `none`.
 */
export function sourceKeys(sources: readonly ReadEnd[]): SourceKey[] {
  const keys: SourceKey[] = []
  const places = new Map<string, SourceKey>()
  const add = (text: string, kind: SourceKey['kind'], counted: boolean) => {
    const known = places.get(text)
    if (known) known.counted ||= counted
    else {
      const key = { text, kind, counted }
      places.set(text, key)
      keys.push(key)
    }
  }
  for (const { nets, names, spoofed } of sources) {
    for (const net of nets) {
      const single = isSingle(net)
      add(net.text, single ? 'address' : 'range', single && !spoofed && !isUncountable(net))
    }
    if (nets.length > 0) continue
    for (const name of names) add(name, 'host', false)
  }
  if (keys.length === 0) keys.push({ text: 'none', kind: 'none', counted: false })
  return keys
}

/** Text that any store and page can hold: no NUL, no half characters, not longer than a key may be. */
export function clean(text: string): string {
  const short = text.length > keyLength ? text.slice(0, keyLength) : text
  return short.includes('\0') ? short.toWellFormed().replaceAll('\0', '\ufffd') : short.toWellFormed()
}

const isString = (value: unknown): value is string => typeof value === 'string'

/** The strings of a list, which may be the list itself; a lone string counts as a list of one. */
export function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.every(isString) ? value : value.filter(isString)
}

function readEnd(raw: Idea): ReadEnd {
  const end: ReadEnd = {
    nets: [],
    hosts: [],
    spoofed: raw.Spoofed === true,
    backscatter: false,
    imprecise: raw.Imprecise === true || raw.Anonymised === true,
    types: strings(raw.Type),
    names: [],
    ports: [],
    protos: [],
    badPorts: false,
  }
  for (const type of end.types) if (type.toLowerCase() === 'backscatter') end.backscatter = true
  readNets(end, raw.IP4)
  readNets(end, raw.IP6)
  readNets(end, raw.IP)
  readPorts(end, raw.Port)
  for (const proto of strings(raw.Proto)) {
    if (end.protos.length === 0) end.protos = [proto.toLowerCase()]
    else addNew(end.protos, proto.toLowerCase())
  }
  readNames(end, raw)
  return end
}

function readNets(end: End, list: unknown): void {
  if (list === undefined) return
  for (const text of strings(list)) {
    const net = parseNet(text)
    if (!net) continue
    // An array made with its only element is a tenth of one that it is pushed into.
    if (end.nets.length === 0) end.nets = [net]
    else end.nets.push(net)
  }
}

function readPorts(end: ReadEnd, list: unknown): void {
  if (!Array.isArray(list)) return
  for (const port of list) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) end.badPorts = true
    else if (end.ports.length === 0) end.ports = [port]
    else end.ports.push(port)
  }
}

/** Host names of all kinds; a name that is an address stands for the address when there is no other. */
function readNames(end: ReadEnd, raw: Idea): void {
  const { Hostname: names, URL: urls, Email: emails } = raw
  if (names === undefined && urls === undefined && emails === undefined) return
  const hasNets = end.nets.length > 0
  const hostsOf = (texts: readonly string[]) => {
    const hosts: string[] = []
    for (const text of texts.slice(0, mostNames)) {
      const net = parseNet(text)
      if (net && !hasNets) end.nets.push(net)
      if (!net) addNew(hosts, text)
    }
    return hosts
  }
  const mails = strings(emails).map((email) => clean(email.trim().toLowerCase()))
  const groups = [
    hostsOf(strings(names).map(plainHost).filter(Boolean)),
    hostsOf(strings(urls).map(hostOfUrl).filter(Boolean)),
    mails.filter(Boolean).slice(0, mostNames),
  ]
  end.names = groups.find((group) => group.length > 0) ?? []
  const domains = mails.map((mail) => plainHost(mail.slice(mail.lastIndexOf('@') + 1))).filter(Boolean)
  for (const host of [...(groups[0] ?? []), ...(groups[1] ?? []), ...domains]) addNew(end.hosts, host)
}

function plainHost(text: string): string {
  const name = clean(text.trim().toLowerCase())
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** `http://user@Example.org:80/x` → `example.org`; empty when the URL names no host. */
function hostOfUrl(url: string): string {
  const form =
    /^(?:[a-zA-Z][a-zA-Z0-9+.-]{0,30}:\/\/(?:[^/?#@]{0,200}@)?|(?=[^/:?#@\s]+\.))(?:\[([0-9a-fA-F:.]+)\]|([^/:?#@\s]+))/
  const host = form.exec(url.trim().slice(0, 600))
  return plainHost(host?.[1] ?? host?.[2] ?? '')
}

function addNew(list: string[], text: string): void {
  if (list.length < mostNames && !list.includes(text)) list.push(text)
}
