/**
 * The copy of an event for a member whom it concerns beside others: without the addresses, names and texts of those. The
 * received bytes stay whole in the log; its sensor's owner and the coordinators read those.
 */
import type { Tx } from '../../platform/database.ts'
import { isPrivate, isSingle, isSpecial, isTooWide, type Net, parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import type { Idea } from './event.ts'

/** What stands in place of what was taken out. */
export const redacted = '[redacted]'
const elementMark = { _Redacted: 'Belongs to another organisation' }
const eventMark = 'Parts that belong to other organisations were taken out of this copy'

/** Deeper than this nothing is kept of a redacted event. */
const mostDepth = 64
/** Above so many addresses and names they are all taken for those of others. */
const mostAsked = 5000

interface Found {
  /** By the text as it stands in the event, in lower case. */
  nets: Map<string, Net>
  hosts: Set<string>
}

/** The event without what belongs to others; the same object when there is no such thing. The actor is that of `tx`. */
export async function copyOf(tx: Tx, place: { batch: number; idx: number }, event: Idea): Promise<Idea> {
  const found: Found = { nets: new Map(), hosts: new Set() }
  eachText(event, 0, (text) => gather(text, found))
  const others = await othersAmong(tx, place, found)
  return others.size === 0 ? event : without(event, others)
}

/** What is given of an event that cannot be read any more. */
export const emptyCopy = (): Idea => ({ _HSOC: { Redacted: eventMark } })

function eachText(value: unknown, depth: number, take: (text: string) => void): void {
  if (typeof value === 'string') take(value)
  if (typeof value !== 'object' || value === null || depth > mostDepth) return
  const list = Array.isArray(value)
  for (const [key, inner] of Object.entries(value)) {
    if (!list) take(key)
    eachText(inner, depth + 1, take)
  }
}

/** A text whole, its words, and the parts of an address with a port or a URL. */
function wordsOf(text: string): string[] {
  const low = text.toLowerCase()
  const words = [low, ...low.split(/[^\w.:/-]+/), ...low.split(/[^\w.-]+/)]
  return [...words, ...words.map((word) => word.replace(/[.:/-]+$/, ''))]
}

function gather(text: string, found: Found): void {
  for (const word of wordsOf(text)) {
    if (found.nets.has(word) || found.hosts.has(word)) continue
    const net = parseNet(word)
    if (net) {
      if (!isTooWide(net) && !(isSingle(net) && isSpecial(net))) found.nets.set(word, net)
    } else if (/^[\w-]+(\.[\w-]+)+$/.test(word)) found.hosts.add(word)
  }
}

async function othersAmong(
  tx: Tx,
  place: { batch: number; idx: number },
  found: Found,
): Promise<Set<string>> {
  const nets = [...found.nets]
  const hosts = [...found.hosts]
  const few = nets.length + hosts.length <= mostAsked
  const asked = few ? nets.map(([, net]) => bounds(net)) : []
  const { rows } = await tx.query<{ nets: number[] | null; hosts: number[] | null; told: string[] | null }>(
    'select * from others_in_event($1, $2, $3, $4, $5, $6)',
    [
      place.batch,
      place.idx,
      asked.map(([lo]) => lo),
      asked.map(([, hi]) => hi),
      few ? nets.map(([, net]) => isPrivate(net)) : [],
      few ? hosts : [],
    ],
  )
  const answer = rows[0]
  const theirNets = few && answer ? (answer.nets ?? []).map((i) => nets[i - 1] as [string, Net]) : nets
  const theirHosts = few && answer ? (answer.hosts ?? []).map((i) => hosts[i - 1] as string) : hosts
  // Whom one's own host met is said by one's own rows already.
  const told = new Set(answer?.told ?? [])
  return new Set([
    ...theirNets.filter(([, net]) => !told.has(net.text)).map(([word]) => word),
    ...theirHosts.filter((host) => !told.has(host)),
  ])
}

function without(event: Idea, others: Set<string>): Idea {
  const isTheirs = (text: string): boolean => wordsOf(text).some((word) => others.has(word))
  /** Names that stood beside an address of others, wherever else they are told. */
  const names = new Set<string>()
  const end = (element: unknown): unknown => {
    let theirs = false
    eachText(element, 0, (text) => {
      theirs ||= isTheirs(text)
    })
    return theirs ? endWithout(element, isTheirs, names) : element
  }
  const { Source: sources, Target: targets, Attach: attached, _HSOC: block, ...rest } = event
  const ends = {
    ...(sources === undefined ? {} : { Source: Array.isArray(sources) ? sources.map(end) : redacted }),
    ...(targets === undefined ? {} : { Target: Array.isArray(targets) ? targets.map(end) : redacted }),
  }
  const gone = (text: string): boolean => {
    const low = text.toLowerCase()
    // A very short name says something only as a word of its own.
    const named = wordsOf(text).some((word) => names.has(word))
    return named || isTheirs(text) || [...names].some((name) => name.length > 3 && low.includes(name))
  }
  return {
    ...(scrubbed(rest, gone, 0) as Idea),
    ...ends,
    // What is attached may be coded in any way.
    ...(attached === undefined ? {} : { Attach: [elementMark] }),
    _HSOC: {
      ...(typeof block === 'object' && block !== null ? (scrubbed(block, gone, 0) as Idea) : {}),
      Redacted: eventMark,
    },
  }
}

/** Of an end that is partly of others: the addresses that are not theirs, with ports and protocols; else the mark alone. */
function endWithout(element: unknown, isTheirs: (text: string) => boolean, names: Set<string>): unknown {
  if (typeof element !== 'object' || element === null) return elementMark
  const parts = element as Idea
  const kept: Idea = {}
  for (const key of ['IP4', 'IP6', 'IP']) {
    const list = parts[key]
    if (!Array.isArray(list)) continue
    const ours = list.filter((text) => typeof text === 'string' && !isTheirs(text))
    if (ours.length > 0) kept[key] = ours
  }
  for (const key of ['Hostname', 'URL', 'Email', 'MAC'])
    eachText(parts[key], 0, (text) => {
      if (text !== '') names.add(text.toLowerCase())
    })
  if (Object.keys(kept).length === 0) return elementMark
  for (const key of ['Port', 'Proto', 'Type']) if (parts[key] !== undefined) kept[key] = parts[key]
  return { ...kept, ...elementMark }
}

function scrubbed(value: unknown, gone: (text: string) => boolean, depth: number): unknown {
  if (typeof value === 'string') return gone(value) ? redacted : value
  if (typeof value !== 'object' || value === null) return value
  if (depth > mostDepth) return redacted
  if (Array.isArray(value)) return value.map((inner) => scrubbed(inner, gone, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      gone(key) ? redacted : key,
      scrubbed(inner, gone, depth + 1),
    ]),
  )
}
