/**
 * The never-list: what no list carries, whoever says that it is an attacker's. Asked in both directions: an item inside
 * of it, and an item that would block something of it besides (exchange.md 7).
 */
import { readContent } from '../../../platform/content.ts'
import { type Net, parseNet } from '../../../values/address.ts'
import { hostIn, type Indicator, neverListed } from '../../../values/indicators.ts'
import { buildMatcher, type Matcher } from '../../../values/ranges.ts'

const neverLists = [
  'wide',
  'reserved',
  'documentation',
  'member',
  'critical',
  'coordinator',
  'warning-list',
] as const

export interface Hit {
  list: (typeof neverLists)[number]
  /** The range, name or public list that it meets. */
  what: string
  /** Nobody lets it through, coordinators neither. */
  firm: boolean
}

export interface NeverList {
  /** Nothing: it may be listed. */
  hits(indicator: Indicator): Hit[]
  /** The public lists were not read yet: what they would hold is not known. */
  isBlind(): boolean
}

/** Public lists that know an address or a name, wholly or in part; empty where there are none, null while they were not read. */
export type PublicLists = (host: { net: Net } | { name: string }) => { name: string; group: string }[] | null

/** Groups of public lists that let a coordinator decide. What a cloud's customers do is no reason. */
const heldGroups = ['research-scanner', 'critical-service', 'sinkhole', 'indicator-only']

const reserved = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::', '::1', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
]
/** For examples and measurements: real attackers are never there, those of tests and the demonstration are. */
const documentation = [
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15', '2001:db8::/32', '3fff::/20'],
]

interface Critical {
  value: string
  reason: { cs: string; en: string }
  source: string
}

export interface CuratedEntry extends Critical {
  group: string
}

/** The curated list that comes with the release. */
export function criticalServices(): CuratedEntry[] {
  // Its shape is checked by never.test.ts.
  const { groups } = readContent('never-list.json') as { groups: Record<string, Critical[]> }
  return Object.entries(groups).flatMap(([group, entries]) => entries.map((one) => ({ ...one, group })))
}

export interface NeverParts {
  /** `list` of each range or name. */
  entries: { value: string; list: Hit['list'] }[]
  publicLists: PublicLists
  /** False in tests and in the demonstration, whose attackers have addresses of documentation. */
  production: boolean
}

const firmLists: Hit['list'][] = ['wide', 'reserved', 'documentation', 'member']
const hit = (list: Hit['list'], what: string): Hit => ({ list, what, firm: firmLists.includes(list) })

export function neverListOf({ entries, publicLists, production }: NeverParts): NeverList {
  const all = [
    ...reserved.map((value) => ({ value, list: 'reserved' as const })),
    ...(production ? documentation.map((value) => ({ value, list: 'documentation' as const })) : []),
    ...entries,
  ]
  const ranges = buildMatcher(
    all.flatMap((value) => {
      const net = parseNet(value.value)
      return net ? [{ net, value }] : []
    }),
  )
  const names = new Map(
    all.filter((one) => parseNet(one.value) === null).map((one) => [one.value, one.list] as const),
  )
  return {
    hits: (indicator) => {
      const host = hostIn(indicator)
      if (!host) return []
      const known = (publicLists(host) ?? [])
        .filter(({ group }) => heldGroups.includes(group))
        .map(({ name }) => hit('warning-list', name))
      const own = 'net' in host ? ofNet(indicator, host.net, ranges) : ofName(indicator, host.name, names)
      return [...new Map([...own, ...known].map((one) => [`${one.list} ${one.what}`, one])).values()]
    },
    isBlind: () => publicLists({ name: 'localhost' }) === null,
  }
}

type Entry = NeverParts['entries'][number]

function ofNet(indicator: Indicator, net: Net, ranges: Matcher<Entry>): Hit[] {
  const wide = neverListed(indicator) === 'wide' ? [hit('wide', net.text)] : []
  return [...wide, ...ranges.overlapping(net).map(({ list, value }) => hit(list, value))]
}

function ofName(indicator: Indicator, name: string, names: Map<string, Hit['list']>): Hit[] {
  const found = neverListed(indicator) === 'private' ? [hit('reserved', name)] : []
  for (let rest = name; rest !== ''; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '') {
    const list = names.get(rest)
    if (list) found.push(hit(list, rest))
  }
  // Firewalls block what is below a listed name as well.
  if (indicator.kind === 'domain')
    for (const [below, list] of names) if (below.endsWith(`.${name}`)) found.push(hit(list, below))
  return found
}
